#define _GNU_SOURCE
#include "linux_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

const uint64_t IMG_RESOLVE_IN_ROOT = RESOLVE_IN_ROOT;
const uint64_t IMG_RESOLVE_NO_MAGICLINKS = RESOLVE_NO_MAGICLINKS;
const int IMG_O_PATH = O_PATH;
const int IMG_O_TMPFILE = O_TMPFILE;

int img_openat2(int directory, const char *path, uint64_t flags, uint64_t resolve) {
  struct open_how how;
  memset(&how, 0, sizeof how);
  how.flags = flags;
  how.resolve = resolve;
  return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int img_lock_exclusive(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB); }

int img_lock_shared(int descriptor) {
  struct flock lock;
  memset(&lock, 0, sizeof lock);
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  return fcntl(descriptor, F_OFD_SETLK, &lock);
}

ssize_t img_pread_cached(int descriptor, void *buffer, size_t count, int64_t offset) {
  struct iovec part = {buffer, count};
  return preadv2(descriptor, &part, 1, offset, RWF_NOWAIT);
}

int img_allocate(int descriptor, int64_t offset, int64_t size) { return fallocate(descriptor, 0, offset, size); }

int img_rename_noreplace(int from_directory, const char *from, int to_directory, const char *to) {
  return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE);
}

int img_rename_exchange(int from_directory, const char *from, int to_directory, const char *to) {
  return renameat2(from_directory, from, to_directory, to, RENAME_EXCHANGE);
}

int img_file_system_type(const char *path, uint32_t *type) {
  struct statfs status;
  if (statfs(path, &status) != 0) return -1;
  *type = (uint32_t)status.f_type;
  return 0;
}

int img_is_mount_root(const char *path) {
  struct statx status;
  memset(&status, 0, sizeof status);
  if (statx(AT_FDCWD, path, AT_NO_AUTOMOUNT, STATX_TYPE, &status) != 0) return -1;
  if (!(status.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT)) {
    errno = ENOSYS;
    return -1;
  }
  return (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

int img_has_attributes(const char *path) {
  char names[1024];
  ssize_t count = listxattr(path, names, sizeof names);
  if (count < 0) return errno != ENOTSUP && errno != ENOSYS;
  for (const char *name = names; name < names + count; name += strlen(name) + 1)
    if (strcmp(name, "security.selinux") != 0) return 1;
  return 0;
}

void img_prefer_huge_pages(void *start, size_t size) {
  if (size < 4 << 20) return;
  /* The part that starts and ends with a page. */
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t first = ((uintptr_t)start + page - 1) & -page;
  uintptr_t end = ((uintptr_t)start + size) & -page;
  madvise((void *)first, end - first, MADV_HUGEPAGE);
}
