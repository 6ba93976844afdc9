# A layer is a folder, a library, and what may be included there; a large one has rooms: its inner folders.
#
# Each room is compiled with include paths of its own. The root of a room (build/include/<layer>/<room>) holds links to
# the headers of that one folder, and a room sees its own root, those of the rooms that it names (and through them,
# theirs), and the layers that are named after DEPENDS. An include that runs upward or sideways does not compile.

add_library(exportcheck_warnings INTERFACE)
target_compile_options(exportcheck_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion -Wshadow -Wcast-qual -Wwrite-strings
  -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wformat=2 -Wvla)
target_compile_definitions(exportcheck_warnings INTERFACE
  _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE EXPORTCHECK_VERSION="${PROJECT_VERSION}")

# The root of a room: links to its headers, as `#include "layer/room/header.h"` names them.
function(exportcheck_include_root root folder)
  string(REGEX REPLACE "^engine/" "" spelled ${folder})
  file(REMOVE_RECURSE ${root})
  file(MAKE_DIRECTORY ${root}/${spelled})
  file(GLOB headers CONFIGURE_DEPENDS 
    ${CMAKE_SOURCE_DIR}/${folder}/*.h ${CMAKE_SOURCE_DIR}/${folder}/*.inc ${CMAKE_SOURCE_DIR}/${folder}/*.def)
  foreach(header IN LISTS headers)
    get_filename_component(name ${header} NAME)
    file(CREATE_LINK ${header} ${root}/${spelled}/${name} SYMBOLIC)
  endforeach()
endfunction()

# Each header of a room compiles alone: a source for each that includes it and nothing else.
function(exportcheck_header_probes result target folder)
  string(REGEX REPLACE "^engine/" "" spelled ${folder})
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.h)
  set(probes)
  foreach(header IN LISTS headers)
    get_filename_component(stem ${header} NAME_WE)
    set(probe ${CMAKE_BINARY_DIR}/header-check/${target}/${stem}.c)
    if(NOT EXISTS ${probe})
      file(WRITE ${probe} "#include \"${spelled}/${stem}.h\"\ntypedef int header_${stem}_compiles_alone;\n")
    endif()
    list(APPEND probes ${probe})
  endforeach()
  set(${result} ${probes} PARENT_SCOPE)
endfunction()

# exportcheck_layer(NAME FOLDER DEPENDS layer… LIBRARIES lib… HEADERS_OF lib… INTERFACES header… EXCEPT file… ROOMS room…)
#   HEADERS_OF  libraries whose headers are used while the library itself is loaded on first use
#   INTERFACES  single headers of higher-level layers that this one may see
#   EXCEPT      files of the folder that are not part of the layer
#   ROOMS       the inner folders, lowest first: "signing: crypto http" is FOLDER/signing, which sees those two rooms
#               and what they see; "." is FOLDER itself. None: the folder itself is the only one.
function(exportcheck_layer name folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "DEPENDS;LIBRARIES;HEADERS_OF;INTERFACES;EXCEPT;ROOMS")
  if(NOT arg_ROOMS)
    set(arg_ROOMS ".:")
  endif()
  add_library(${name} STATIC)
  target_link_libraries(${name} PUBLIC ${arg_DEPENDS} ${arg_LIBRARIES})

  set(interfaces ${CMAKE_BINARY_DIR}/include/${name}/interfaces)
  set(sees_interfaces)
  foreach(header IN LISTS arg_INTERFACES)
    get_filename_component(header_folder ${header} DIRECTORY)
    file(MAKE_DIRECTORY ${interfaces}/${header_folder})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/engine/${header} ${interfaces}/${header} SYMBOLIC)
    set(sees_interfaces ${interfaces})
  endforeach()

  foreach(row IN LISTS arg_ROOMS)
    string(REGEX MATCH "^([^:]+):(.*)$" row ${row})
    set(room ${CMAKE_MATCH_1})
    separate_arguments(below UNIX_COMMAND "${CMAKE_MATCH_2}")
    if(room STREQUAL ".")
      set(room_folder ${folder})
      set(room "root")
    else()
      set(room_folder ${folder}/${room})
    endif()
    set(target ${name}_${room})
    set(root ${CMAKE_BINARY_DIR}/include/${name}/${room})
    exportcheck_include_root(${root} ${room_folder})

    set(sees ${root} ${sees_interfaces})
    foreach(other IN LISTS below)
      if(NOT DEFINED sees_${other})
        message(FATAL_ERROR "${folder}: ${room} names ${other}, which is no room before it")
      endif()
      list(APPEND sees ${sees_${other}})
    endforeach()
    list(REMOVE_DUPLICATES sees)
    set(sees_${room} ${sees})
    set(sees_. ${sees_root})

    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${room_folder}/*.c)
    foreach(file IN LISTS arg_EXCEPT)
      list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/${folder}/${file})
    endforeach()
    exportcheck_header_probes(probes ${target} ${room_folder})
    set(objects)
    if(sources)
      add_library(${target} OBJECT ${sources})
      target_sources(${name} PRIVATE $<TARGET_OBJECTS:${target}>)
      list(APPEND objects ${target})
    endif()
    if(probes AND BUILD_TESTING)
      add_library(headers_${target} OBJECT ${probes})
      list(APPEND objects headers_${target})
    endif()
    foreach(object IN LISTS objects)
      target_include_directories(${object} PRIVATE ${sees})
      target_link_libraries(${object} PRIVATE ${arg_DEPENDS} ${arg_LIBRARIES} exportcheck_warnings)
      foreach(library IN LISTS arg_HEADERS_OF)
        target_include_directories(${object} SYSTEM PRIVATE $<TARGET_PROPERTY:${library},INTERFACE_INCLUDE_DIRECTORIES>)
      endforeach()
    endforeach()
    target_include_directories(${name} PUBLIC ${sees})
  endforeach()
endfunction()
