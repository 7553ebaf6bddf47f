/* Stands between a program and the C library, and keeps in a second folder what a power cut would leave of a first one.

   That is what was synced: at fsync and fdatasync the file is copied there; removing and renaming happen there at once,
   as a file system with a journal has them in order. A sync takes SCRUBJAY_SLOW_US microseconds more, as on a slow disk.
   Build: cc -shared -fPIC -o unsynced.so unsynced.c. Preload it with SCRUBJAY_DISK and SCRUBJAY_LEFT set. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int numbers;

/* Writes where a file of the disk is kept in what is left; 0 for other files. */
static int find_left(const char *path, char *left) {
    const char *disk = getenv("SCRUBJAY_DISK"), *kept = getenv("SCRUBJAY_LEFT");
    size_t length = disk ? strlen(disk) : 0;
    if (!length || !kept || strncmp(path, disk, length) || path[length] != '/' || strchr(path + length + 1, '/')) return 0;
    return snprintf(left, PATH_MAX, "%s%s", kept, path + length) < PATH_MAX;
}

static void keep(int fd) {
    char link[64], path[PATH_MAX], left[PATH_MAX], part[PATH_MAX + 32], block[1 << 16];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return;
    path[length] = 0;
    if (!find_left(path, left)) return;
    snprintf(part, sizeof part, "%s.part%d", left, atomic_fetch_add(&numbers, 1));
    int copy = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    for (off_t at = 0; copy >= 0 && (length = pread(fd, block, sizeof block, at)) > 0; at += length)
        if (write(copy, block, length) != length) abort();
    close(copy);
    if (copy < 0 || renameat(AT_FDCWD, part, AT_FDCWD, left)) abort();
    const char *slow = getenv("SCRUBJAY_SLOW_US");
    if (slow) usleep(atoi(slow));
}

int fsync(int fd) {
    keep(fd);
    return 0;
}

int fdatasync(int fd) {
    keep(fd);
    return 0;
}

int unlink(const char *path) {
    char left[PATH_MAX];
    if (find_left(path, left)) unlinkat(AT_FDCWD, left, 0);
    return unlinkat(AT_FDCWD, path, 0);
}

int rename(const char *from, const char *to) {
    char left_from[PATH_MAX], left_to[PATH_MAX];
    if (find_left(from, left_from) && find_left(to, left_to)) renameat(AT_FDCWD, left_from, AT_FDCWD, left_to);
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}
