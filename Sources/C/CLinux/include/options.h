#pragma once
#include <getopt.h>

/* What getopt_long(3) has found in a command line. */
struct img_found_option {
  /* The option's `val` or letter; -1 at the end of the options, 0 if it is no known long one. */
  int option;
  /* 0, ':' for a value that is missing, or '?' for an option that is not known or got a value that it does not take. */
  int problem;
  /* The option's value in the command line, null without one. */
  char *value;
  /* The word that holds the option. */
  char *word;
  /* The index of the next word: at the end that of the first operand, for getopt_long moves them behind options. */
  int next;
};

/* The next option of a command line, or with `first` its first one. Prints nothing. Not reentrant, as getopt_long. */
struct img_found_option img_next_option(
    int count, char *const *words, const char *letters, const struct option *options, int first);
