/* What every virtual camera has: its controls, and the formats it offers where its folder names none. */
#ifndef KINDS_H
#define KINDS_H
#include <linux/videodev2.h>

struct control {
    unsigned id, type;
    const char *name;
    int min, max, step, normal;
    unsigned automatic; /* the switch that takes this value over, or 0 */
};

#define EXPOSURE_MANUAL 1
static const struct control CONTROLS[] = {
    {V4L2_CID_BRIGHTNESS, V4L2_CTRL_TYPE_INTEGER, "Brightness", 0, 255, 1, 128, 0},
    {V4L2_CID_AUTO_WHITE_BALANCE, V4L2_CTRL_TYPE_BOOLEAN, "White Balance, Automatic", 0, 1, 1, 1, 0},
    {V4L2_CID_WHITE_BALANCE_TEMPERATURE, V4L2_CTRL_TYPE_INTEGER, "White Balance Temperature", 2000, 6500, 10, 4000,
     V4L2_CID_AUTO_WHITE_BALANCE},
    {V4L2_CID_EXPOSURE_AUTO, V4L2_CTRL_TYPE_MENU, "Auto Exposure", 0, 3, 1, 3, 0},
    {V4L2_CID_EXPOSURE_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, "Exposure Time, Absolute", 3, 2047, 1, 250,
     V4L2_CID_EXPOSURE_AUTO},
    {V4L2_CID_FOCUS_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, "Focus, Absolute", 0, 250, 5, 0, V4L2_CID_FOCUS_AUTO},
    {V4L2_CID_FOCUS_AUTO, V4L2_CTRL_TYPE_BOOLEAN, "Focus, Automatic Continuous", 0, 1, 1, 1, 0},
    {V4L2_CID_ZOOM_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, "Zoom, Absolute", 100, 500, 1, 100, 0},
};
enum { CONTROL_COUNT = sizeof CONTROLS / sizeof *CONTROLS };

struct format {
    unsigned fourcc, width, height, numerator, denominator;
};

static const struct format USUAL_FORMATS[] = {
    {V4L2_PIX_FMT_YUYV, 640, 480, 1, 30},     {V4L2_PIX_FMT_YUYV, 1920, 1080, 1, 5},
    {V4L2_PIX_FMT_MJPEG, 640, 480, 1, 30},    {V4L2_PIX_FMT_MJPEG, 1280, 720, 1, 60},
    {V4L2_PIX_FMT_MJPEG, 1280, 720, 1, 30},   {V4L2_PIX_FMT_MJPEG, 1920, 1080, 1, 30},
    {V4L2_PIX_FMT_MJPEG, 1920, 1080, 2, 15},  {V4L2_PIX_FMT_MJPEG, 3840, 2160, 1, 15},
};
#endif
