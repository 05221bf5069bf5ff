#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stdint.h>

/* One line of the serial protocol: PROTOCOL.md §2–§8. Pure; lengths are without the '\n' unless said. */

#define LINE_MAX_BYTES 96u /* with its '\n', §2.3 */

enum line_verdict {
    LINE_OK,
    LINE_EMPTY,
    LINE_TOO_LONG,
    LINE_BYTES,
    LINE_FRAME,
    LINE_CRC,
    LINE_TYPE,
    LINE_FIELDS,
    LINE_FIELD
};

/* A line of the host, §6. Fields that its type doesn't have are 0. */
struct line_from_host {
    char type; /* W, A, S or L */
    uint32_t id;
    uint32_t sequence;
    uint8_t code; /* status of A, mode of L */
};

#define LINE_ACK_COMMITTED 0u
#define LINE_ACK_NOT_NOW 2u

/* Checks §2 and §3 only. On LINE_OK body_length is the number of bytes before the '*'. */
enum line_verdict line_check_frame(const uint8_t *bytes, uint8_t length, uint8_t *body_length);

/* Checks everything, in the order of §8. line is only valid on LINE_OK. */
enum line_verdict line_parse(const uint8_t *bytes, uint8_t length, struct line_from_host *line);

struct line_hello {
    uint32_t id;
    uint32_t boot;
    uint8_t cause;
    uint32_t next;
    uint8_t pending;
    uint32_t dropped;
    uint32_t bad;
    uint32_t now;
    const char *firmware;
};

struct line_press {
    uint32_t id;
    uint32_t sequence;
    uint8_t button;
    bool has_age;
    uint32_t age;
    uint8_t flags;
};

/* Each fills at most LINE_MAX_BYTES, '\n' included and no 0 behind it, and returns the number of bytes. */
uint8_t line_build_hello(char *out, const struct line_hello *hello);
uint8_t line_build_press(char *out, const struct line_press *press);
uint8_t line_build_no_identity(char *out);

#endif
