#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* openat2(2), which Glibc does not wrap. Returns a descriptor, or -1 with errno set. */
int img_openat2(int directory, const char *path, uint64_t flags, uint64_t resolve);

/* Tries to take a shared open-file-description lock on the whole file. 0, or -1 with errno set. */
int img_lock_shared(int descriptor);

/* Tries to take an exclusive lock with flock(2). 0, or -1 with errno set. */
int img_lock_exclusive(int descriptor);

/* The type of the file system of a path, of statfs(2). 0, or -1 with errno set. */
int img_file_system_type(const char *path, uint32_t *type);

/* Whether a path is the root of a mount. 1, 0, or -1 with errno set; ENOSYS if the kernel does not report it. */
int img_is_mount_root(const char *path);

/* Whether a file has extended attributes other than an SELinux label. 1 or 0; 1 if that cannot be read. */
int img_has_attributes(const char *path);

/* Reads data from an offset if it is cached. -1 with EAGAIN if the read would wait for the disk. */
ssize_t img_pread_cached(int descriptor, void *buffer, size_t count, int64_t offset);

/* Reserves disk space for a part of a file and extends a shorter file to its end. 0, or -1 with errno set. */
int img_allocate(int descriptor, int64_t offset, int64_t size);

/* renameat2(2) with RENAME_NOREPLACE. 0, or -1 with errno set. */
int img_rename_noreplace(int from_directory, const char *from, int to_directory, const char *to);

/* renameat2(2) with RENAME_EXCHANGE. 0, or -1 with errno set. */
int img_rename_exchange(int from_directory, const char *from, int to_directory, const char *to);

/* Makes a signal write its number, one byte, to a descriptor, unless it is ignored. 0, or -1 with errno set. */
int img_note_signal(int number, int descriptor);

/* Ends the process with the default action of a signal. */
void img_die_of_signal(int number) __attribute__((noreturn));

/* Constants that the Glibc module leaves out. */
extern const uint64_t IMG_RESOLVE_IN_ROOT;
extern const uint64_t IMG_RESOLVE_NO_MAGICLINKS;
extern const int IMG_O_PATH;
extern const int IMG_O_TMPFILE;

/* Asks for huge pages for a large block of memory that is about to be filled; below 4 MiB it does nothing. Faults of
   4 KiB cost a third of the time to read and to parse a long text. */
void img_prefer_huge_pages(void *start, size_t size);
