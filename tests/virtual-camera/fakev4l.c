/*
 * Video4Linux cameras made of folders, for tests: preload this library and `/dev/videoN` exists for every folder
 * `$FAKEV4L_DIR/videoN`. No kernel module, no root, no file in /dev. See README.md for the folder and its flag files.
 *
 * It answers what libv4l-rs asks (open, poll, ioctl through syscall(2), mmap of a memory file) and hands everything
 * else to the C library untouched. V4L2's rules that matter to a caller are kept: many may open, one may stream; a
 * handle of an unplugged camera stays dead when the camera comes back; a camera that comes back has forgotten its
 * settings; a waiting poll(2) is ended by a signal.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kinds.h"

/* ABOUT: bytes of a frame's comment that say something. */
enum { ABOUT = 64, NODES = 256, HANDLES = 32, BUFFERS = 8, FORMATS = 32, LISTINGS = 8, TEXT = 512 };

struct camera {
    int set_up;
    unsigned plugged; /* counts how often it was plugged in */
    int away;
    struct format now;
    int values[CONTROL_COUNT];
    int streaming_fd;
};

struct handle {
    int used, fd, node, blocking;
    unsigned plugged;
    char folder[TEXT];
    int wedged; /* this stream gives no more frames */
    int streaming, buffers, queue[BUFFERS], queued;
    unsigned buffer_bytes, sequence;
    unsigned char *memory;
    double started;
    long last;          /* number of the frame that was handed over last */
    long frozen;        /* while FREEZE: the number of the frame that repeats, otherwise -1 */
    double old_stamp;   /* while OLDSTAMP: the time that repeats, otherwise 0 */
    char played[TEXT];  /* the folder that `files` lists */
    char (*files)[64];
    int file_count;
};

static char root[TEXT - 128];
static int loud;
static struct camera cameras[NODES];
static struct handle handles[HANDLES];
static int open_handles;
static pthread_mutex_t tables = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("FAKEV4L_DIR");
    loud = getenv("FAKEV4L_LOG") != NULL;
    if (folder && strlen(folder) < sizeof root) strcpy(root, folder);
}

#define REAL(name)                                                       \
    ({                                                                   \
        static __typeof__(&name) real;                                   \
        if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name);    \
        real;                                                            \
    })

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int has(const char *folder, const char *flag) {
    char path[TEXT * 2];
    snprintf(path, sizeof path, "%s/%s", folder, flag);
    return access(path, F_OK) == 0;
}

static void line_of(const char *folder, const char *name, const char *usual, char *into, size_t room);

/* A flag that may name the only size at which it counts. */
static int has_now(struct handle *h, const char *flag) {
    char only[32], now[32];
    if (!has(h->folder, flag)) return 0;
    snprintf(now, sizeof now, "%ux%u", cameras[h->node].now.width, cameras[h->node].now.height);
    line_of(h->folder, flag, now, only, sizeof only);
    return strcmp(only, now) == 0;
}

/* The first line of a small text file, or what is usual. */
static void line_of(const char *folder, const char *name, const char *usual, char *into, size_t room) {
    char path[TEXT * 2];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    memset(into, 0, room);
    snprintf(into, room, "%s", usual);
    int fd = (int)REAL(syscall)(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    char text[TEXT];
    ssize_t got = read(fd, text, sizeof text - 1);
    REAL(close)(fd);
    if (got <= 0) return;
    text[got] = 0;
    text[strcspn(text, "\r\n")] = 0;
    if (!text[0]) return;
    memset(into, 0, room);
    snprintf(into, room, "%s", text);
}

/* ---- which camera a path or a handle means ---- */

static int folder_of(int node, char *into) {
    struct stat about;
    snprintf(into, TEXT, "%s/video%d", root, node);
    return stat(into, &about) == 0 && S_ISDIR(about.st_mode);
}

static int node_of(const char *path) {
    int node, end = 0;
    if (!root[0] || !path || strncmp(path, "/dev/video", 10) != 0) return -1;
    if (sscanf(path, "/dev/video%d%n", &node, &end) != 1 || path[end] || node < 0 || node >= NODES) return -1;
    char folder[TEXT];
    return folder_of(node, folder) ? node : -1;
}

static struct handle *handle_of(int fd) {
    if (fd < 0 || !__atomic_load_n(&open_handles, __ATOMIC_ACQUIRE)) return NULL;
    for (int i = 0; i < HANDLES; i++)
        if (__atomic_load_n(&handles[i].used, __ATOMIC_ACQUIRE) && handles[i].fd == fd) return &handles[i];
    return NULL;
}

static void reset_controls(struct camera *camera) {
    for (int i = 0; i < CONTROL_COUNT; i++) camera->values[i] = CONTROLS[i].normal;
}

static void set_up(struct camera *camera) {
    reset_controls(camera);
    camera->now = (struct format){V4L2_PIX_FMT_YUYV, 640, 480, 1, 30};
    camera->streaming_fd = -1;
    camera->set_up = 1;
    camera->plugged++;
}

/* Whether the camera is there now; notices plugging and unplugging. */
static int present(int node, const char *folder) {
    struct stat about;
    struct camera *camera = &cameras[node];
    int away = stat(folder, &about) != 0 || has(folder, "UNPLUG");
    pthread_mutex_lock(&tables);
    if (!camera->set_up || (camera->away && !away)) set_up(camera);
    camera->away = away;
    pthread_mutex_unlock(&tables);
    return !away;
}

static int alive(struct handle *h) { return present(h->node, h->folder) && h->plugged == cameras[h->node].plugged; }

static int fail(int code) {
    errno = code;
    return -1;
}

static int open_camera(int node, int flags) {
    char folder[TEXT], busy[TEXT];
    if (!folder_of(node, folder) || !present(node, folder)) return fail(ENOENT);
    line_of(folder, "BUSY", "", busy, sizeof busy);
    if (strcmp(busy, "open") == 0) return fail(EBUSY);
    if (has(folder, "DENIED")) return fail(EACCES);
    pthread_mutex_lock(&tables);
    struct handle *h = NULL;
    for (int i = 0; i < HANDLES && !h; i++)
        if (!handles[i].used) h = &handles[i];
    int fd = h ? memfd_create("fakev4l", MFD_CLOEXEC) : -1;
    if (fd < 0) {
        pthread_mutex_unlock(&tables);
        return fail(ENOMEM);
    }
    memset(h, 0, sizeof *h);
    h->fd = fd;
    h->node = node;
    h->blocking = !(flags & O_NONBLOCK);
    h->plugged = cameras[node].plugged;
    h->frozen = -1;
    strcpy(h->folder, folder);
    __atomic_store_n(&h->used, 1, __ATOMIC_RELEASE);
    __atomic_add_fetch(&open_handles, 1, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&tables);
    if (loud) fprintf(stderr, "fakev4l: video%d opened as %d\n", node, fd);
    return fd;
}

static void stop_streaming(struct handle *h) {
    pthread_mutex_lock(&tables);
    if (cameras[h->node].streaming_fd == h->fd && h->plugged == cameras[h->node].plugged)
        cameras[h->node].streaming_fd = -1;
    h->streaming = h->queued = 0;
    pthread_mutex_unlock(&tables);
}

static void drop_memory(struct handle *h) {
    if (h->memory) munmap(h->memory, (size_t)h->buffer_bytes * (size_t)h->buffers);
    h->memory = NULL;
    h->buffers = 0;
}

static void close_camera(struct handle *h) {
    stop_streaming(h);
    drop_memory(h);
    free(h->files);
    if (loud) fprintf(stderr, "fakev4l: video%d closed\n", h->node);
    __atomic_sub_fetch(&open_handles, 1, __ATOMIC_RELEASE);
    __atomic_store_n(&h->used, 0, __ATOMIC_RELEASE);
}

/* ---- formats ---- */

/* `formats` has lines such as `MJPG 1920x1080 1/30`. */
static int formats_of(const char *folder, struct format *into) {
    char path[TEXT * 2];
    snprintf(path, sizeof path, "%s/formats", folder);
    FILE *file = fopen(path, "re");
    if (!file) {
        memcpy(into, USUAL_FORMATS, sizeof USUAL_FORMATS);
        return sizeof USUAL_FORMATS / sizeof *USUAL_FORMATS;
    }
    int count = 0;
    char code[8];
    struct format f;
    while (count < FORMATS &&
           fscanf(file, "%4s %ux%u %u/%u", code, &f.width, &f.height, &f.numerator, &f.denominator) == 5) {
        if (strlen(code) != 4 || !f.numerator || !f.denominator) continue;
        f.fourcc = v4l2_fourcc(code[0], code[1], code[2], code[3]);
        into[count++] = f;
    }
    fclose(file);
    return count;
}

/* The `index`-th different value among formats that match; -1 where there are no more. */
static int nth_fourcc(const struct format *all, int count, unsigned index) {
    unsigned seen = 0;
    for (int i = 0; i < count; i++) {
        int known = 0;
        for (int j = 0; j < i; j++) known |= all[j].fourcc == all[i].fourcc;
        if (!known && seen++ == index) return i;
    }
    return -1;
}

static int nth_size(const struct format *all, int count, unsigned fourcc, unsigned index) {
    unsigned seen = 0;
    for (int i = 0; i < count; i++) {
        if (all[i].fourcc != fourcc) continue;
        int known = 0;
        for (int j = 0; j < i; j++)
            known |= all[j].fourcc == fourcc && all[j].width == all[i].width && all[j].height == all[i].height;
        if (!known && seen++ == index) return i;
    }
    return -1;
}

static unsigned bytes_for(const struct format *f) { return f->width * f->height * 2; }

static void describe(const struct format *f, struct v4l2_pix_format *into) {
    memset(into, 0, sizeof *into);
    into->width = f->width;
    into->height = f->height;
    into->pixelformat = f->fourcc;
    into->field = V4L2_FIELD_NONE;
    into->bytesperline = f->fourcc == V4L2_PIX_FMT_YUYV ? f->width * 2 : 0;
    into->sizeimage = bytes_for(f);
    into->colorspace = V4L2_COLORSPACE_SRGB;
}

/* Somebody else has the camera, or another handle streams. */
static int taken(struct handle *h) {
    struct camera *camera = &cameras[h->node];
    return has(h->folder, "BUSY") || (camera->streaming_fd >= 0 && camera->streaming_fd != h->fd);
}

static int set_format(struct handle *h, struct v4l2_format *f, int really) {
    struct format all[FORMATS], best = cameras[h->node].now;
    int count = formats_of(h->folder, all);
    unsigned long nearest = ~0ul;
    for (int i = 0; i < count; i++) {
        if (all[i].fourcc != f->fmt.pix.pixelformat) continue;
        unsigned long away = (unsigned long)labs((long)all[i].width - (long)f->fmt.pix.width) +
                             (unsigned long)labs((long)all[i].height - (long)f->fmt.pix.height);
        if (away < nearest) nearest = away, best = all[i];
    }
    if (really) {
        if (taken(h) || h->streaming || h->buffers) return fail(EBUSY);
        cameras[h->node].now = best;
        if (has(h->folder, "FORGET")) reset_controls(&cameras[h->node]);
    }
    describe(&best, &f->fmt.pix);
    return 0;
}

static int parameters(struct handle *h, struct v4l2_streamparm *p, int set) {
    struct camera *camera = &cameras[h->node];
    struct v4l2_fract wanted = p->parm.capture.timeperframe;
    if (set) {
        if (taken(h)) return fail(EBUSY);
        struct format all[FORMATS];
        int count = formats_of(h->folder, all);
        double nearest = 1e9;
        for (int i = 0; i < count && wanted.denominator; i++) {
            if (all[i].fourcc != camera->now.fourcc || all[i].width != camera->now.width ||
                all[i].height != camera->now.height)
                continue;
            double away = fabs((double)all[i].numerator / all[i].denominator -
                               (double)wanted.numerator / wanted.denominator);
            if (away < nearest) nearest = away, camera->now = all[i];
        }
    }
    memset(&p->parm, 0, sizeof p->parm);
    p->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
    p->parm.capture.timeperframe = (struct v4l2_fract){camera->now.numerator, camera->now.denominator};
    return 0;
}

/* ---- controls ---- */

static int control_at(unsigned id) {
    for (int i = 0; i < CONTROL_COUNT; i++)
        if (CONTROLS[i].id == id) return i;
    return -1;
}

static int next_control(unsigned id) {
    int best = -1;
    for (int i = 0; i < CONTROL_COUNT; i++)
        if (CONTROLS[i].id > id && (best < 0 || CONTROLS[i].id < CONTROLS[best].id)) best = i;
    return best;
}

/* A value that the camera itself governs at present. */
static int governed(const struct camera *camera, int at) {
    unsigned id = CONTROLS[at].automatic;
    if (!id) return 0;
    int value = camera->values[control_at(id)];
    return id == V4L2_CID_EXPOSURE_AUTO ? value != EXPOSURE_MANUAL : value != 0;
}

static int value_of(struct handle *h, int at) {
    const struct control *c = &CONTROLS[at];
    int value = cameras[h->node].values[at];
    if (governed(&cameras[h->node], at) && has(h->folder, "DRIFT"))
        value += (int)(sin(seconds() * 3) * (c->max - c->min) / 20) + (c->max - c->min) / 10;
    return value;
}

static int set_value(struct handle *h, unsigned id, long long wanted) {
    int at = control_at(id);
    if (at < 0) return fail(EINVAL);
    const struct control *c = &CONTROLS[at];
    if (governed(&cameras[h->node], at)) return fail(EACCES);
    if (c->type == V4L2_CTRL_TYPE_MENU && wanted != EXPOSURE_MANUAL && wanted != 3) return fail(EINVAL);
    if (wanted < c->min) wanted = c->min;
    if (wanted > c->max) wanted = c->max;
    int before = value_of(h, at);
    cameras[h->node].values[at] = c->min + ((int)wanted - c->min) / c->step * c->step;
    /* Switching to manual keeps nothing of what the automatic had found: real cameras fall back to the value set last. */
    if (loud) fprintf(stderr, "fakev4l: %s %d -> %d\n", c->name, before, cameras[h->node].values[at]);
    return 0;
}

static unsigned control_flags(struct handle *h, int at) {
    return governed(&cameras[h->node], at) ? V4L2_CTRL_FLAG_INACTIVE : 0;
}

static int query_control(struct handle *h, unsigned asked) {
    char kind[TEXT];
    line_of(h->folder, "controls", "all", kind, sizeof kind);
    if (strcmp(kind, "none") == 0) return -1;
    unsigned next = V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND;
    return asked & next ? next_control(asked & ~next) : control_at(asked);
}

static int ext_controls(struct handle *h, struct v4l2_ext_controls *list, int set) {
    for (unsigned i = 0; i < list->count; i++) {
        struct v4l2_ext_control *c = &list->controls[i];
        int at = query_control(h, c->id);
        if (at < 0 || (set && set_value(h, c->id, c->value) != 0)) {
            list->error_idx = i;
            return at < 0 ? fail(EINVAL) : -1;
        }
        if (!set) c->value = value_of(h, at);
    }
    return 0;
}

static int setting(struct handle *h, unsigned id) { return value_of(h, control_at(id)); }

/* ---- pictures ---- */

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static void list_files(struct handle *h, const char *folder) {
    if (strcmp(h->played, folder) == 0 && h->file_count) return;
    free(h->files);
    h->files = NULL;
    h->file_count = 0;
    snprintf(h->played, sizeof h->played, "%s", folder);
    DIR *dir = opendir(folder);
    if (!dir) return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        size_t length = strlen(entry->d_name);
        if (length < 5 || length > 63 || strcmp(entry->d_name + length - 4, ".jpg") != 0) continue;
        void *more = realloc(h->files, sizeof *h->files * (size_t)(h->file_count + 1));
        if (!more) break;
        h->files = more;
        strcpy(h->files[h->file_count++], entry->d_name);
    }
    closedir(dir);
    if (h->file_count) qsort(h->files, (size_t)h->file_count, sizeof *h->files, by_name);
}

/*
 * Writes the frame's JPEG and returns its length. A comment with the frame's number and the camera's settings, of
 * changing length, follows the SOI: no two frames of a live sensor have the same bytes or the same length.
 */
static unsigned paint(struct handle *h, long number, unsigned char *into) {
    char sequence[128], folder[TEXT], path[TEXT * 2];
    const struct format *f = &cameras[h->node].now;
    line_of(h->folder, "sequence", "default", sequence, sizeof sequence);
    snprintf(folder, sizeof folder, "%.300s/%.100s/%ux%u", h->folder, sequence, f->width, f->height);
    list_files(h, folder);
    if (!h->file_count) return 0;
    snprintf(path, sizeof path, "%s/%s", folder, h->files[number % h->file_count]);
    int fd = (int)REAL(syscall)(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        h->file_count = 0;
        return 0;
    }
    unsigned extra = 4 + ABOUT + (unsigned)(number % 97);
    unsigned char head[2];
    unsigned used = 0;
    if (read(fd, head, 2) == 2) {
        char about[ABOUT + 1];
        memcpy(into, head, 2);
        int length = snprintf(about, sizeof about, "%08ld exposure=%d white=%d focus=%d zoom=%d", number % 100000000,
                              setting(h, V4L2_CID_EXPOSURE_ABSOLUTE), setting(h, V4L2_CID_WHITE_BALANCE_TEMPERATURE),
                              setting(h, V4L2_CID_FOCUS_ABSOLUTE), setting(h, V4L2_CID_ZOOM_ABSOLUTE));
        into[2] = 0xFF, into[3] = 0xFE, into[4] = (unsigned char)((extra - 2) >> 8), into[5] = (unsigned char)(extra - 2);
        memset(into + 6, ' ', extra - 4);
        memcpy(into + 6, about, length < ABOUT ? (size_t)length : ABOUT);
        used = 2 + extra;
        for (ssize_t got; used < h->buffer_bytes && (got = read(fd, into + used, h->buffer_bytes - used)) > 0;)
            used += (unsigned)got;
    }
    REAL(close)(fd);
    return used;
}

/* A camera takes its time to start: no frame is due before. */
static double start(struct handle *h) {
    char ms[16];
    line_of(h->folder, "start_ms", "0", ms, sizeof ms);
    return seconds() + atoi(ms) / 1000.0;
}

static long due(struct handle *h) {
    const struct format *f = &cameras[h->node].now;
    return (long)((seconds() - h->started) * f->denominator / f->numerator);
}

static int ready(struct handle *h) {
    char path[TEXT * 2];
    snprintf(path, sizeof path, "%s/WEDGE", h->folder);
    if (h->streaming && unlink(path) == 0) h->wedged = 1;
    if (h->wedged) return 0;
    return h->streaming && h->queued && due(h) > h->last && !has_now(h, "STALL") && !has_now(h, "HANG");
}

/* Waits for a frame; 1 ready (or the camera is gone), 0 time is up, -1 a signal came. */
static int wait_for_frame(struct handle *h, int timeout_ms) {
    double end = timeout_ms < 0 ? 1e18 : seconds() + timeout_ms / 1000.0;
    for (;;) {
        if (!alive(h) || ready(h)) return 1;
        if (seconds() >= end) return 0;
        struct timespec nap = {0, 2000000};
        if (nanosleep(&nap, NULL) != 0 && errno == EINTR && !has_now(h, "HANG")) return fail(EINTR);
    }
}

static int take_frame(struct handle *h, struct v4l2_buffer *b) {
    if (!h->streaming) return fail(EINVAL);
    if (!ready(h)) {
        if (!h->blocking) return fail(EAGAIN);
        if (wait_for_frame(h, -1) < 0) return -1;
        if (!alive(h)) return fail(ENODEV);
    }
    int index = h->queue[0];
    memmove(h->queue, h->queue + 1, sizeof *h->queue * (size_t)--h->queued);
    h->last = due(h);
    if (!has_now(h, "FREEZE")) h->frozen = -1;
    else if (h->frozen < 0) h->frozen = h->last;
    unsigned char *into = h->memory + (size_t)index * h->buffer_bytes;
    unsigned used;
    if (cameras[h->node].now.fourcc != V4L2_PIX_FMT_MJPEG) {
        memset(into, 0x80, used = bytes_for(&cameras[h->node].now));
    } else if (has_now(h, "SHORT")) {
        /* What a lost USB packet leaves: a new beginning, and behind it whatever the buffer held before. */
        static __thread unsigned char *whole;
        if (!whole) whole = malloc(64u << 20);
        used = whole && h->buffer_bytes <= 64u << 20 ? paint(h, h->last, whole) / 3 : 0;
        memcpy(into, whole, used);
    } else {
        used = paint(h, h->frozen >= 0 ? h->frozen : h->last, into);
    }
    double stamp = seconds();
    if (!has(h->folder, "OLDSTAMP")) h->old_stamp = 0;
    else if (h->old_stamp == 0) h->old_stamp = stamp;
    if (h->old_stamp > 0) stamp = h->old_stamp;
    b->index = (unsigned)index;
    b->bytesused = used;
    b->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    b->field = V4L2_FIELD_NONE;
    b->sequence = h->sequence++;
    b->length = h->buffer_bytes;
    b->timestamp.tv_sec = (time_t)stamp;
    b->timestamp.tv_usec = (suseconds_t)((stamp - (double)(time_t)stamp) * 1e6);
    return 0;
}

static int request_buffers(struct handle *h, struct v4l2_requestbuffers *r) {
    if (taken(h) && r->count) return fail(EBUSY);
    if (h->streaming) return fail(EBUSY);
    drop_memory(h);
    if (r->count > BUFFERS) r->count = BUFFERS;
    r->capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP;
    if (!r->count) return 0;
    h->buffer_bytes = (bytes_for(&cameras[h->node].now) + 4095) & ~4095u;
    size_t all = (size_t)h->buffer_bytes * r->count;
    if (ftruncate(h->fd, (off_t)all) != 0) return -1;
    void *memory = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_SHARED, h->fd, 0);
    if (memory == MAP_FAILED) return -1;
    h->memory = memory;
    h->buffers = (int)r->count;
    return 0;
}

/* ---- ioctl ---- */

static int answer(struct handle *h, unsigned request, void *arg) {
    struct camera *camera = &cameras[h->node];
    struct format all[FORMATS];
    if (!alive(h)) return fail(ENODEV);
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *c = arg;
        char text[64];
        memset(c, 0, sizeof *c);
        strcpy((char *)c->driver, "uvcvideo");
        snprintf(text, sizeof text, "Virtual Camera %d", h->node);
        line_of(h->folder, "card", text, (char *)c->card, sizeof c->card);
        snprintf(text, sizeof text, "usb-0000:00:14.0-%d", h->node);
        line_of(h->folder, "bus", text, (char *)c->bus_info, sizeof c->bus_info);
        c->version = 0x060100;
        c->device_caps = V4L2_CAP_STREAMING | (has(h->folder, "METADATA") ? V4L2_CAP_META_CAPTURE : V4L2_CAP_VIDEO_CAPTURE);
        c->capabilities = c->device_caps | V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_DEVICE_CAPS;
        return 0;
    }
    case VIDIOC_ENUM_FMT: {
        struct v4l2_fmtdesc *f = arg;
        int count = formats_of(h->folder, all), i = nth_fourcc(all, count, f->index);
        if (f->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || i < 0 || has(h->folder, "METADATA")) return fail(EINVAL);
        int compressed = all[i].fourcc == V4L2_PIX_FMT_MJPEG;
        f->flags = compressed ? V4L2_FMT_FLAG_COMPRESSED : 0;
        f->pixelformat = all[i].fourcc;
        strcpy((char *)f->description, compressed ? "Motion-JPEG" : "YUYV 4:2:2");
        return 0;
    }
    case VIDIOC_ENUM_FRAMESIZES: {
        struct v4l2_frmsizeenum *f = arg;
        int count = formats_of(h->folder, all), i = nth_size(all, count, f->pixel_format, f->index);
        if (i < 0) return fail(EINVAL);
        f->type = V4L2_FRMSIZE_TYPE_DISCRETE;
        f->discrete.width = all[i].width;
        f->discrete.height = all[i].height;
        return 0;
    }
    case VIDIOC_ENUM_FRAMEINTERVALS: {
        struct v4l2_frmivalenum *f = arg;
        unsigned seen = 0;
        for (int i = 0, count = formats_of(h->folder, all); i < count; i++) {
            if (all[i].fourcc != f->pixel_format || all[i].width != f->width || all[i].height != f->height) continue;
            if (seen++ != f->index) continue;
            f->type = V4L2_FRMIVAL_TYPE_DISCRETE;
            f->discrete = (struct v4l2_fract){all[i].numerator, all[i].denominator};
            return 0;
        }
        return fail(EINVAL);
    }
    case VIDIOC_G_FMT: describe(&camera->now, &((struct v4l2_format *)arg)->fmt.pix); return 0;
    case VIDIOC_TRY_FMT: return set_format(h, arg, 0);
    case VIDIOC_S_FMT: return set_format(h, arg, 1);
    case VIDIOC_G_PARM: return parameters(h, arg, 0);
    case VIDIOC_S_PARM: return parameters(h, arg, 1);
    case VIDIOC_QUERYCTRL: {
        struct v4l2_queryctrl *q = arg;
        int at = query_control(h, q->id);
        if (at < 0) return fail(EINVAL);
        const struct control *c = &CONTROLS[at];
        memset(q, 0, sizeof *q);
        q->id = c->id, q->type = c->type, q->minimum = c->min, q->maximum = c->max, q->step = c->step;
        q->default_value = c->normal, q->flags = control_flags(h, at);
        snprintf((char *)q->name, sizeof q->name, "%s", c->name);
        return 0;
    }
    case VIDIOC_QUERY_EXT_CTRL: {
        struct v4l2_query_ext_ctrl *q = arg;
        int at = query_control(h, q->id);
        if (at < 0) return fail(EINVAL);
        const struct control *c = &CONTROLS[at];
        memset(q, 0, sizeof *q);
        q->id = c->id, q->type = c->type, q->minimum = c->min, q->maximum = c->max, q->step = (unsigned)c->step;
        q->default_value = c->normal, q->flags = control_flags(h, at), q->elem_size = 4, q->elems = 1;
        snprintf(q->name, sizeof q->name, "%s", c->name);
        return 0;
    }
    case VIDIOC_QUERYMENU: {
        struct v4l2_querymenu *q = arg;
        if (q->id != V4L2_CID_EXPOSURE_AUTO || (q->index != EXPOSURE_MANUAL && q->index != 3)) return fail(EINVAL);
        strcpy((char *)q->name, q->index == 3 ? "Aperture Priority Mode" : "Manual Mode");
        return 0;
    }
    case VIDIOC_G_CTRL: {
        struct v4l2_control *c = arg;
        int at = query_control(h, c->id);
        if (at < 0) return fail(EINVAL);
        c->value = value_of(h, at);
        return 0;
    }
    case VIDIOC_S_CTRL: {
        struct v4l2_control *c = arg;
        return query_control(h, c->id) < 0 ? fail(EINVAL) : set_value(h, c->id, c->value);
    }
    case VIDIOC_G_EXT_CTRLS: return ext_controls(h, arg, 0);
    case VIDIOC_S_EXT_CTRLS: return ext_controls(h, arg, 1);
    case VIDIOC_REQBUFS: return request_buffers(h, arg);
    case VIDIOC_QUERYBUF: {
        struct v4l2_buffer *b = arg;
        if ((int)b->index >= h->buffers) return fail(EINVAL);
        b->length = h->buffer_bytes;
        b->m.offset = b->index * h->buffer_bytes;
        b->flags = 0;
        return 0;
    }
    case VIDIOC_QBUF: {
        struct v4l2_buffer *b = arg;
        if ((int)b->index >= h->buffers || h->queued >= h->buffers) return fail(EINVAL);
        h->queue[h->queued++] = (int)b->index;
        return 0;
    }
    case VIDIOC_STREAMON:
        if (taken(h)) return fail(EBUSY);
        if (has_now(h, "NOSPACE")) return fail(ENOSPC);
        camera->streaming_fd = h->fd;
        h->started = start(h);
        h->last = 0;
        h->wedged = 0;
        h->streaming = 1;
        return 0;
    case VIDIOC_STREAMOFF: stop_streaming(h); return 0;
    case VIDIOC_DQBUF: return take_frame(h, arg);
    }
    if (loud) fprintf(stderr, "fakev4l: request 0x%x is not known\n", request);
    return fail(ENOTTY);
}

/* ---- what is interposed ---- */

static mode_t mode_of(int flags, va_list list) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; }

#define OPEN(name)                                                  \
    int name(const char *path, int flags, ...) {                    \
        va_list list;                                               \
        va_start(list, flags);                                      \
        mode_t mode = mode_of(flags, list);                         \
        va_end(list);                                               \
        int node = node_of(path);                                   \
        return node >= 0 ? open_camera(node, flags) : REAL(name)(path, flags, mode); \
    }
#define OPENAT(name)                                                \
    int name(int at, const char *path, int flags, ...) {            \
        va_list list;                                               \
        va_start(list, flags);                                      \
        mode_t mode = mode_of(flags, list);                         \
        va_end(list);                                               \
        int node = node_of(path);                                   \
        return node >= 0 ? open_camera(node, flags) : REAL(name)(at, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    struct handle *h = handle_of(fd);
    if (h) close_camera(h);
    return REAL(close)(fd);
}

int ioctl(int fd, unsigned long request, ...) {
    va_list list;
    va_start(list, request);
    void *arg = va_arg(list, void *);
    va_end(list);
    struct handle *h = handle_of(fd);
    return h ? answer(h, (unsigned)request, arg) : REAL(ioctl)(fd, request, arg);
}

long syscall(long number, ...) {
    va_list list;
    long a[6];
    va_start(list, number);
    for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
    va_end(list);
    struct handle *h = number == SYS_ioctl ? handle_of((int)a[0]) : NULL;
    return h ? answer(h, (unsigned)a[1], (void *)a[2]) : REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int poll(struct pollfd *fds, nfds_t count, int timeout_ms) {
    struct handle *h = count == 1 ? handle_of(fds[0].fd) : NULL;
    if (!h) return REAL(poll)(fds, count, timeout_ms);
    int got = wait_for_frame(h, timeout_ms);
    fds[0].revents = got <= 0 ? 0 : alive(h) ? POLLIN | POLLRDNORM : POLLERR | POLLHUP;
    return got;
}

/* A listing of /dev shows the cameras that are plugged in, behind the real entries. */
static struct listing {
    DIR *dir;
    int next;
    struct dirent entry;
    struct dirent64 entry64;
} listings[LISTINGS];
static int open_listings;

static struct listing *listing_of(DIR *dir) {
    if (!__atomic_load_n(&open_listings, __ATOMIC_ACQUIRE)) return NULL;
    for (int i = 0; i < LISTINGS; i++)
        if (__atomic_load_n(&listings[i].dir, __ATOMIC_ACQUIRE) == dir) return &listings[i];
    return NULL;
}

DIR *opendir(const char *path) {
    DIR *dir = REAL(opendir)(path);
    if (!dir || !root[0] || strcmp(path, "/dev") != 0) return dir;
    pthread_mutex_lock(&tables);
    for (int i = 0; i < LISTINGS; i++)
        if (!listings[i].dir) {
            listings[i].next = 0;
            __atomic_store_n(&listings[i].dir, dir, __ATOMIC_RELEASE);
            __atomic_add_fetch(&open_listings, 1, __ATOMIC_RELEASE);
            break;
        }
    pthread_mutex_unlock(&tables);
    return dir;
}

static int next_node(struct listing *l) {
    char folder[TEXT];
    for (; l->next < NODES; l->next++)
        if (folder_of(l->next, folder) && present(l->next, folder)) return l->next++;
    return -1;
}

#define READDIR(name, kind, field)                                       \
    struct kind *name(DIR *dir) {                                        \
        struct kind *entry = REAL(name)(dir);                            \
        struct listing *l = entry ? NULL : listing_of(dir);              \
        int node = l ? next_node(l) : -1;                                \
        if (node < 0) return entry;                                      \
        memset(&l->field, 0, sizeof l->field);                           \
        l->field.d_ino = (ino_t)(1000000 + node);                        \
        l->field.d_type = DT_CHR;                                        \
        l->field.d_reclen = sizeof l->field;                             \
        snprintf(l->field.d_name, sizeof l->field.d_name, "video%d", node); \
        return &l->field;                                                \
    }
READDIR(readdir, dirent, entry)
READDIR(readdir64, dirent64, entry64)

int closedir(DIR *dir) {
    struct listing *l = listing_of(dir);
    if (l) {
        __atomic_store_n(&l->dir, NULL, __ATOMIC_RELEASE);
        __atomic_sub_fetch(&open_listings, 1, __ATOMIC_RELEASE);
    }
    return REAL(closedir)(dir);
}
