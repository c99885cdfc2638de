#include "options.h"

#include <stddef.h>

struct img_found_option img_next_option(
    int count, char *const *words, const char *letters, const struct option *options, int first) {
  struct img_found_option found;
  if (first) optind = 0;
  opterr = 0;
  optarg = NULL;
  int result = getopt_long(count, words, letters, options, NULL);
  found.problem = result == '?' || result == ':' ? result : 0;
  found.option = found.problem ? optopt : result;
  found.value = optarg;
  found.next = optind;
  /* A value of its own is the last word that was read, and the option the one before. */
  int last = optind - 1;
  if (optarg && last > 1 && words[last] == optarg) last--;
  found.word = last > 0 && last < count ? words[last] : NULL;
  return found;
}
