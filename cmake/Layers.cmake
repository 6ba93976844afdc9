# A target a layer. The include root of a layer (build/include/<layer>) holds one link, to the
# layer's own folder, so a file sees the layers that are named after DEPENDS and no others: an
# include that runs upward or sideways does not compile.

add_library(exportcheck_warnings INTERFACE)
target_compile_options(exportcheck_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion -Wshadow -Wcast-qual -Wwrite-strings
  -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wformat=2 -Wvla)
target_compile_definitions(exportcheck_warnings INTERFACE
  _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE EXPORTCHECK_VERSION="${PROJECT_VERSION}")

# exportcheck_layer(NAME FOLDER DEPENDS layer… LIBRARIES lib… HEADERS_OF lib… INTERFACES header… EXCEPT file…)
#   HEADERS_OF  libraries whose headers are used while the library itself is loaded on first use
#   INTERFACES  single headers of higher-level layers that this one may see
#   EXCEPT      files of the folder that are not part of the layer
function(exportcheck_layer name folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "DEPENDS;LIBRARIES;HEADERS_OF;INTERFACES;EXCEPT")
  set(root ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${root})
  get_filename_component(leaf ${folder} NAME)
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${folder} ${root}/${leaf} SYMBOLIC)
  foreach(header IN LISTS arg_INTERFACES)
    get_filename_component(header_folder ${header} DIRECTORY)
    file(MAKE_DIRECTORY ${root}/${header_folder})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/engine/${header} ${root}/${header} SYMBOLIC)
  endforeach()

  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.c)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.h)
  foreach(file IN LISTS arg_EXCEPT)
    list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/${folder}/${file})
  endforeach()
  if(NOT sources) # a layer without code yet
    file(WRITE ${CMAKE_BINARY_DIR}/empty_${name}.c "typedef int empty_${name};\n")
    set(sources ${CMAKE_BINARY_DIR}/empty_${name}.c)
  endif()

  add_library(${name} STATIC ${sources} ${headers})
  target_include_directories(${name} PUBLIC ${root})
  target_link_libraries(${name} PUBLIC ${arg_DEPENDS} ${arg_LIBRARIES} PRIVATE exportcheck_warnings)
  foreach(library IN LISTS arg_HEADERS_OF)
    target_include_directories(${name} SYSTEM PRIVATE $<TARGET_PROPERTY:${library},INTERFACE_INCLUDE_DIRECTORIES>)
  endforeach()
  # Each header compiles alone.
  foreach(header IN LISTS headers)
    get_filename_component(stem ${header} NAME_WE)
    set(probe ${CMAKE_BINARY_DIR}/header-check/${name}/${stem}.c)
    if(NOT EXISTS ${probe})
      file(WRITE ${probe} "#include \"${leaf}/${stem}.h\"\ntypedef int header_${stem}_compiles_alone;\n")
    endif()
    list(APPEND probes ${probe})
  endforeach()
  if(probes AND BUILD_TESTING)
    add_library(headers_${name} OBJECT ${probes})
    target_link_libraries(headers_${name} PRIVATE ${name} exportcheck_warnings)
    foreach(library IN LISTS arg_HEADERS_OF)
      target_include_directories(headers_${name} SYSTEM PRIVATE $<TARGET_PROPERTY:${library},INTERFACE_INCLUDE_DIRECTORIES>)
    endforeach()
  endif()
endfunction()
