#ifndef READER_H
#define READER_H

#include <stdbool.h>
#include <stdint.h>

#include "line.h"

/*
 * Cuts the bytes of the host into lines of bounded length (PROTOCOL.md §2.3). No line of the host is longer than 30
 * bytes (§6): what doesn't fit here is bad whatever it is, and RAM is 2 KB.
 */
#define READER_BYTES 40u

struct reader {
    uint8_t bytes[READER_BYTES];
    uint8_t length; /* READER_BYTES + 1: over-long, waiting for its end */
};

/* True when byte was the '\n' that ends a line: then call reader_parse. */
bool reader_take(struct reader *reader, uint8_t byte);

/* Verdict on the line that ended, and ready for the next one. */
enum line_verdict reader_parse(struct reader *reader, struct line_from_host *line);

#endif
