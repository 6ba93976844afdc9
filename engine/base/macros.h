/* macros.h: the few macros that every file may use. */
#ifndef EXPORTCHECK_BASE_MACROS_H
#define EXPORTCHECK_BASE_MACROS_H

/** The result says whether the call worked: ignoring it is a mistake that the compiler reports. */
#define MUST_CHECK __attribute__((warn_unused_result))

/** The function formats like printf: its argument number `text` is the format, `first` the first value. */
#define FORMATS(text, first) __attribute__((format(printf, text, first)))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/** Runs `function(&variable)` when the variable's scope ends: for handles that no arena owns. */
#define CLEANUP(function) __attribute__((cleanup(function)))

#endif
