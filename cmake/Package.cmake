# What is installed beside the program, made by the program itself from its tables: man pages and completions; and a
# Debian package of it all (cpack -G DEB).
include(GNUInstallDirs)

# share NAME ARGUMENT…: the file build/share/NAME is what `exportcheck ARGUMENT…` prints.
set(shared_files)
function(exportcheck_share name)
  set(file ${CMAKE_BINARY_DIR}/share/${name})
  get_filename_component(folder ${file} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${file} COMMAND exportcheck ${ARGN} > ${file} DEPENDS exportcheck VERBATIM)
  list(APPEND shared_files ${file})
  set(shared_files ${shared_files} PARENT_SCOPE)
endfunction()

# Debian's policy wants pages and the changelog compressed, and without a time in them, so that builds repeat.
function(exportcheck_compressed result source name)
  set(file ${CMAKE_BINARY_DIR}/share/${name}.gz)
  get_filename_component(folder ${file} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${file} COMMAND gzip -9nc ${source} > ${file} DEPENDS ${source} VERBATIM)
  set(${result} ${file} PARENT_SCOPE)
endfunction()

file(STRINGS ${CMAKE_SOURCE_DIR}/cli/commands.def rows REGEX "^COMMAND")
exportcheck_share(man/exportcheck.1 help --man)
foreach(row IN LISTS rows)
  string(REGEX REPLACE "^COMMAND\\(([a-z]+)\\)$" "\\1" command ${row})
  exportcheck_share(man/exportcheck-${command}.1 help --man ${command})
endforeach()
set(pages)
foreach(page IN LISTS shared_files)
  get_filename_component(name ${page} NAME)
  exportcheck_compressed(compressed ${page} man/${name})
  list(APPEND pages ${compressed})
endforeach()
exportcheck_share(completions/exportcheck completion bash)
exportcheck_share(completions/_exportcheck completion zsh)
exportcheck_share(completions/exportcheck.fish completion fish)
exportcheck_compressed(changelog ${CMAKE_SOURCE_DIR}/CHANGELOG.md doc/changelog)
string(TIMESTAMP package_date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH, where it is set
configure_file(${CMAKE_SOURCE_DIR}/cmake/changelog.Debian.in ${CMAKE_BINARY_DIR}/share/doc/changelog.Debian @ONLY)
exportcheck_compressed(package_changelog ${CMAKE_BINARY_DIR}/share/doc/changelog.Debian doc/changelog.Debian)
add_custom_target(documents ALL DEPENDS ${shared_files} ${pages} ${changelog} ${package_changelog})

install(TARGETS exportcheck RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_BINARY_DIR}/share/completions/exportcheck DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/share/completions/_exportcheck DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${CMAKE_BINARY_DIR}/share/completions/exportcheck.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${CMAKE_SOURCE_DIR}/cmake/copyright ${changelog} ${package_changelog} ${CMAKE_SOURCE_DIR}/README.md
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/exportcheck)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME exportcheck)
set(CPACK_PACKAGE_CONTACT "The exportcheck developers <exportcheck@optscale.ai>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "check AWS billing exports before OptScale imports them")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Runs declarative rules against a live AWS account, or a snapshot of one, and
 writes pass/fail reports: whether the account is ready to hand its billing
 exports to OptScale, what is wrong where it is not, and the text to paste to
 put it right. It only reads.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE https://optscale.ai)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Loaded on first use, so no tool that reads the program's headers finds them.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libcurl4, libmicrohttpd12, libxml2, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libisal2") # loaded on first use: billing files are inflated faster
include(CPack)
