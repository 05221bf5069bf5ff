#ifndef WRITER_H
#define WRITER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Writes one record of up to 8 bytes into the EEPROM, a byte at a time, without ever waiting: a press every 1 ms
 * sample and the UART must go on during the 3.4 ms that each byte takes.
 */
#define WRITER_MAX_BYTES 8u

struct writer {
    uint16_t address;
    uint8_t bytes[WRITER_MAX_BYTES];
    uint8_t length; /* 0: nothing to do */
    uint8_t position;
};

bool writer_is_idle(const struct writer *writer);

/* Only while idle. The record is copied from writer->bytes, which the caller has filled. */
void writer_start(struct writer *writer, uint16_t address, uint8_t length);

/* Starts the next byte when the EEPROM is ready. True once, when the last byte has been finished. */
bool writer_step(struct writer *writer);

#endif
