/*
 * Preloaded into a process, writes down in order what it asks of the disk below one folder, and what it says on stdout.
 *
 *   RECORD_FOLDER  files whose path begins with it are watched, the shared-memory index of a WAL is not: a power cut leaves none
 *   RECORD_LOG     gets one entry a call: a line of text, then as many bytes as it names
 *     create PATH · write PATH OFFSET LENGTH · truncate PATH SIZE · sync PATH · unlink PATH · rename FROM TO · said LENGTH
 *
 * A write is logged before it is made, for from then on its sectors may be on the disk; a sync after it has returned, for only then they
 * must be. Paths hold no blanks. gcc -shared -fPIC -o record-writes.so record-writes.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_FD 4096
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static char *watched[MAX_FD];
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void put(const char *head, const void *bytes, size_t length) {
  if (log_fd < 0) return;
  struct iovec parts[2] = {{(void *)head, strlen(head)}, {(void *)bytes, length}};
  pthread_mutex_lock(&lock);
  /* The bare call: nothing of the recorder may be recorded. */
  if (syscall(SYS_writev, log_fd, parts, length > 0 ? 2 : 1) < 0) abort();
  pthread_mutex_unlock(&lock);
}

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...) {
  char head[1024];
  va_list args;
  va_start(args, format);
  vsnprintf(head, sizeof head, format, args);
  va_end(args);
  put(head, NULL, 0);
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("RECORD_LOG");
  if (path) log_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int is_watched(const char *path) {
  const char *folder = getenv("RECORD_FOLDER");
  if (!folder || !path || strncmp(path, folder, strlen(folder)) != 0) return 0;
  size_t length = strlen(path);
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static const char *path_of(int fd) { return fd >= 0 && fd < MAX_FD ? watched[fd] : NULL; }

static void forget(int fd) {
  if (!path_of(fd)) return;
  free(watched[fd]);
  watched[fd] = NULL;
}

int open64(const char *path, int flags, ...) {
  va_list args;
  va_start(args, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(args, int) : 0;
  va_end(args);
  struct stat before;
  int is_new = is_watched(path) && (flags & O_CREAT) && stat(path, &before) != 0;
  int fd = NEXT(open64)(path, flags, mode);
  if (fd < 0 || fd >= MAX_FD) return fd;
  forget(fd);
  if (!is_watched(path)) return fd;
  if (is_new) note("create %s\n", path);
  if (flags & O_TRUNC) note("truncate %s 0\n", path);
  watched[fd] = strdup(path);
  return fd;
}

int close(int fd) {
  forget(fd);
  return NEXT(close)(fd);
}

static void note_write(int fd, const void *bytes, size_t length, off64_t offset) {
  char head[1024];
  snprintf(head, sizeof head, "write %s %lld %zu\n", path_of(fd), (long long)offset, length);
  put(head, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  if (path_of(fd)) note_write(fd, bytes, length, offset);
  return NEXT(pwrite64)(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  if (path_of(fd)) note_write(fd, bytes, length, lseek64(fd, 0, SEEK_CUR));
  if (fd == STDOUT_FILENO) {
    char head[64];
    snprintf(head, sizeof head, "said %zu\n", length);
    put(head, bytes, length);
  }
  return NEXT(write)(fd, bytes, length);
}

static int note_sync(int fd, int result) {
  if (result == 0 && path_of(fd)) note("sync %s\n", path_of(fd));
  return result;
}

int fsync(int fd) { return note_sync(fd, NEXT(fsync)(fd)); }
int fdatasync(int fd) { return note_sync(fd, NEXT(fdatasync)(fd)); }

int ftruncate64(int fd, off64_t size) {
  if (path_of(fd)) note("truncate %s %lld\n", path_of(fd), (long long)size);
  return NEXT(ftruncate64)(fd, size);
}

int unlink(const char *path) {
  if (is_watched(path)) note("unlink %s\n", path);
  return NEXT(unlink)(path);
}

int rename(const char *from, const char *to) {
  if (is_watched(from)) note("rename %s %s\n", from, to);
  return NEXT(rename)(from, to);
}
