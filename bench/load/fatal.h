/* The end of a program that cannot go on: a sentence on stderr, and exit code 1. */
#ifndef FATAL_H
#define FATAL_H

/* Says what is wrong, in the words of printf(3). Does not return. */
_Noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
