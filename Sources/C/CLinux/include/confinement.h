#pragma once
#include <stdint.h>

/* Gives up the right to gain privileges by execve(2). 0, or -1 with errno set. */
int img_no_new_privileges(void);

/* Makes the system calls fail with EPERM, in this thread and those that it starts, that reach other processes, the
   network, the mounts or the kernel itself. Needs no_new_privileges. 0, or -1 with errno set. */
int img_filter_system_calls(void);

/* The version of Landlock's interface, or -1 with errno set if the kernel has none. */
int img_landlock_version(void);

/* Creates a set of rules that handles some rights to files, some of TCP, and some scopes. A descriptor, or -1 with
   errno set. */
int img_landlock_create(uint64_t files, uint64_t network, uint64_t scopes);

/* Allows rights below a directory, or to a file. 0, or -1 with errno set. */
int img_landlock_allow(int rules, int place, uint64_t files);

/* Applies the rules to this thread and those that it starts. Needs no_new_privileges. 0, or -1 with errno set. */
int img_landlock_enter(int rules);
