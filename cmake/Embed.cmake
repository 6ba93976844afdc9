# Puts the rule files, the schema and the sample accounts into the binary: an assembler file with
# one .incbin a file, and a C table of them (cli/embedded.h).
enable_language(ASM)

function(exportcheck_embed name header)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
    ${CMAKE_SOURCE_DIR}/rules/*.json ${CMAKE_SOURCE_DIR}/rules/*.tsv)
  file(GLOB accounts CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/tests/accounts/demo-*.json
    ${CMAKE_SOURCE_DIR}/tests/accounts/demo-*.csv)
  list(APPEND files ${accounts})
  list(SORT files)
  set(assembler ".section .rodata\n")
  set(externs "")
  set(rows "")
  set(number 0)
  foreach(file IN LISTS files)
    string(APPEND assembler
      ".globl embedded_${number}\nembedded_${number}:\n.incbin \"${CMAKE_SOURCE_DIR}/${file}\"\n"
      ".globl embedded_end_${number}\nembedded_end_${number}:\n.byte 0\n")
    string(APPEND externs "extern const char embedded_${number}[];\nextern const char embedded_end_${number}[];\n")
    string(APPEND rows "    {\"${file}\", embedded_${number}, embedded_end_${number}},\n")
    list(APPEND paths ${CMAKE_SOURCE_DIR}/${file})
    math(EXPR number "${number} + 1")
  endforeach()
  string(APPEND assembler ".section .note.GNU-stack,\"\",%progbits\n")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/embedded.S CONTENT "${assembler}" @ONLY)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/embedded.c CONTENT
"#include \"${header}\"
${externs}
const struct embedded_file embedded_files[] = {
${rows}    {0, 0, 0},
};
const size_t embedded_file_count = ${number};
" @ONLY)
  add_library(${name} STATIC ${CMAKE_BINARY_DIR}/embedded.S ${CMAKE_BINARY_DIR}/embedded.c)
  set_source_files_properties(${CMAKE_BINARY_DIR}/embedded.S PROPERTIES OBJECT_DEPENDS "${paths}")
  target_include_directories(${name} PRIVATE ${CMAKE_BINARY_DIR}/include/cli/root)
endfunction()

# exportcheck_embed_text(TARGET SYMBOL FILE …) puts files into a library, each between SYMBOL_begin and SYMBOL_end.
function(exportcheck_embed_text target)
  set(assembler ".section .rodata\n")
  while(ARGN)
    list(POP_FRONT ARGN symbol file)
    string(APPEND assembler
      ".globl ${symbol}_begin\n${symbol}_begin:\n.incbin \"${CMAKE_SOURCE_DIR}/${file}\"\n"
      ".globl ${symbol}_end\n${symbol}_end:\n.byte 0\n")
    list(APPEND paths ${CMAKE_SOURCE_DIR}/${file})
  endwhile()
  string(APPEND assembler ".section .note.GNU-stack,\"\",%progbits\n")
  set(source ${CMAKE_BINARY_DIR}/embedded_in_${target}.S)
  file(CONFIGURE OUTPUT ${source} CONTENT "${assembler}" @ONLY)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${target} PRIVATE ${source})
endfunction()
