/* Lets one sync fail with EIO: the first one, once the file $SYNC_TRAP exists, of a file or folder whose path ends
   with $SYNC_TARGET. Later ones succeed, as Linux has it: an error is told once, and the pages are gone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int fd)
{
    static int done;
    const char *trap = getenv("SYNC_TRAP"), *target = getenv("SYNC_TARGET");
    char link[64], path[4096];
    if (done || !trap || !target || access(trap, F_OK) != 0)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    size_t ending = strlen(target);
    if (length < 0 || (size_t)length < ending || memcmp(path + length - ending, target, ending) != 0)
        return 0;
    done = 1;
    return 1;
}

int fsync(int fd)
{
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    if (fails(fd)) {
        errno = EIO;
        return -1;
    }
    return real(fd);
}

int fdatasync(int fd)
{
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    if (fails(fd)) {
        errno = EIO;
        return -1;
    }
    return real(fd);
}
