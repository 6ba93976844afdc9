# Every test is found by its place:
#   tests/unit/<layer>/[<room>/]<module>_test.c   a cmocka program, ctest name unit.<layer>.[<room>.]<module>
#   tests/fuzz/<layer>/fuzz_<module>.c   a fuzz target; replayed over tests/fuzz/corpus/<module> in every build
#   tests/e2e/*_test.py                  pytest, run against the built program, ctest name e2e.<name>
#   tests/bench/bench_*.c                benchmarks, built and not run
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
find_package(Python3 COMPONENTS Interpreter)

function(exportcheck_test_program target source)
  add_executable(${target} ${source})
  target_link_libraries(${target} PRIVATE cli embedded LibXml2::LibXml2 exportcheck_warnings ${ARGN})
  target_compile_definitions(${target} PRIVATE TEST_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
endfunction()

if(EXPORTCHECK_TEST_PROGRAMS)
  file(GLOB_RECURSE unit_tests CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/tests/unit ${CMAKE_SOURCE_DIR}/tests/unit/*_test.c)
  file(GLOB fuzz_targets CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*/fuzz_*.c)
  file(GLOB benches CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/bench/bench_*.c)
endif()

foreach(source IN LISTS unit_tests)
  string(REGEX REPLACE "_test\\.c$" "" name ${source})
  string(REGEX REPLACE "/.*" "" layer ${source})
  string(REPLACE "/" "." name ${name})
  string(REPLACE "." "_" target unit_${name})
  exportcheck_test_program(${target} ${CMAKE_SOURCE_DIR}/tests/unit/${source} PkgConfig::CMOCKA)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit ${CMAKE_SOURCE_DIR}/tests/unit/${layer})
  add_test(NAME unit.${name} COMMAND ${target} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(unit.${name} PROPERTIES LABELS unit SKIP_RETURN_CODE 77
    ENVIRONMENT "CMOCKA_TEST_ABORT=1;TZ=UTC;LC_ALL=C")
endforeach()

foreach(source IN LISTS fuzz_targets)
  get_filename_component(target ${source} NAME_WE)
  string(REGEX REPLACE "^fuzz_" "" module ${target})
  if(EXPORTCHECK_FUZZ)
    exportcheck_test_program(${target} ${source})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    exportcheck_test_program(${target} ${source})
    target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.c)
    add_test(NAME fuzz.${module} COMMAND ${target} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${module})
    set_tests_properties(fuzz.${module} PROPERTIES LABELS fuzz)
  endif()
endforeach()

foreach(source IN LISTS benches)
  get_filename_component(target ${source} NAME_WE)
  exportcheck_test_program(${target} ${source})
endforeach()

# Python and pytest: a virtual environment's where -DPython3_EXECUTABLE=… names one (scripts/test does).
set(pytest_is_there FALSE)
if(Python3_EXECUTABLE)
  execute_process(COMMAND ${Python3_EXECUTABLE} -c "import pytest" RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  if(status EQUAL 0)
    set(pytest_is_there TRUE)
  endif()
endif()

# What is slow, and looks at nothing that a sanitizer would see better than the other tests show it: run in release alone
# (scripts/test).
set(once browser build ci_examples consumers exit_status fixes fleet_engines moto own_view package permissions readme report aws_settings)

file(GLOB e2e_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/e2e/*_test.py)
foreach(source IN LISTS e2e_tests)
  get_filename_component(module ${source} NAME_WE)
  string(REGEX REPLACE "_test$" "" module ${module})
  if(pytest_is_there)
    add_test(NAME e2e.${module}
      COMMAND ${Python3_EXECUTABLE} -m pytest -q -rs -p no:cacheprovider ${source}
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  else()
    add_test(NAME e2e.${module} COMMAND sh -c "echo 'skipped: there is no pytest for e2e.${module}'; exit 5")
  endif()
  set(labels e2e)
  if(module IN_LIST once)
    set(labels e2e once)
  endif()
  # 5: pytest found nothing to run, since a module that the file needs is not there.
  set_tests_properties(e2e.${module} PROPERTIES LABELS "${labels}" SKIP_RETURN_CODE 5
    ENVIRONMENT "EXPORTCHECK=$<TARGET_FILE:exportcheck>;TZ=UTC;LC_ALL=C.UTF-8;PYTHONDONTWRITEBYTECODE=1")
endforeach()

# The rules' own cases, and what is true of every file: tests/style/<name> is a program that says what is wrong.
file(GLOB rule_cases CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/rules/*.json)
if(rule_cases)
  # lint runs the cases, too, and wants each rule to be shown to pass, to fail and to be unknown by them
  add_test(NAME rules.cases COMMAND exportcheck rules lint WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(rules.cases PROPERTIES LABELS rules FAIL_REGULAR_EXPRESSION "[1-9][0-9]* warnings")
endif()
if(Python3_EXECUTABLE)
  add_test(NAME rules.mutants COMMAND ${Python3_EXECUTABLE} tests/mutants/mutants.py WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(rules.mutants PROPERTIES LABELS "rules;once"
    ENVIRONMENT "EXPORTCHECK=$<TARGET_FILE:exportcheck>;LC_ALL=C.UTF-8;PYTHONDONTWRITEBYTECODE=1")
endif()

file(GLOB style_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/style/*.sh ${CMAKE_SOURCE_DIR}/tests/style/*.py)
foreach(source IN LISTS style_tests)
  get_filename_component(module ${source} NAME_WE)
  get_filename_component(extension ${source} EXT)
  if(extension STREQUAL ".py")
    set(interpreter ${Python3_EXECUTABLE})
  else()
    set(interpreter sh)
  endif()
  add_test(NAME style.${module} COMMAND ${interpreter} ${source} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(style.${module} PROPERTIES LABELS style SKIP_RETURN_CODE 77
    ENVIRONMENT "EXPORTCHECK=$<TARGET_FILE:exportcheck>;LC_ALL=C.UTF-8;PYTHONDONTWRITEBYTECODE=1")
endforeach()
