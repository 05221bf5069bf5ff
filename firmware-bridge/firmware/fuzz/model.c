#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The form of this CRC without an inner loop over bits; lib/crc16.c has the loop. */
uint16_t model_crc(const uint8_t *bytes, size_t length)
{
    uint16_t crc = 0xFFFF;
    for (size_t i = 0; i < length; i++) {
        crc = (uint16_t)((crc >> 8) | (crc << 8));
        crc ^= bytes[i];
        crc ^= (uint16_t)((crc & 0xFF) >> 4);
        crc ^= (uint16_t)(crc << 12);
        crc ^= (uint16_t)((crc & 0xFF) << 5);
    }
    return crc;
}

static bool is_id(uint32_t id)
{
    return id != 0 && id != 0xFFFFFFFF;
}

/* What scanf read is only right if printing it gives the same text: no sign, blank, zero or wrap survives that. */
static bool is_ack(const char *body, struct line_from_host *line)
{
    unsigned id, code;
    unsigned long long sequence;
    char again[64];
    if (sscanf(body, "A,%8x,%20llu,%1u", &id, &sequence, &code) != 3) {
        return false;
    }
    snprintf(again, sizeof again, "A,%08x,%llu,%u", id, sequence, code);
    *line = (struct line_from_host){'A', id, (uint32_t)sequence, (uint8_t)code};
    return strcmp(again, body) == 0 && is_id(id) && sequence >= 1 && sequence <= 4294967294ull && (code == 0 || code == 2);
}

static bool is_identity(const char *body, struct line_from_host *line)
{
    unsigned id;
    char again[64];
    if (sscanf(body, "S,%8x", &id) != 1) {
        return false;
    }
    snprintf(again, sizeof again, "S,%08x", id);
    *line = (struct line_from_host){.type = 'S', .id = id};
    return strcmp(again, body) == 0 && is_id(id);
}

static bool is_body(const char *body, struct line_from_host *line)
{
    if (strcmp(body, "W") == 0) {
        *line = (struct line_from_host){.type = 'W'};
        return true;
    }
    if (strcmp(body, "L,0") == 0 || strcmp(body, "L,1") == 0 || strcmp(body, "L,2") == 0) {
        *line = (struct line_from_host){.type = 'L', .code = (uint8_t)(body[2] - '0')};
        return true;
    }
    return is_ack(body, line) || is_identity(body, line);
}

bool model_parse(const uint8_t *bytes, size_t length, struct line_from_host *line)
{
    char text[32];
    char told[8];
    /* No line of the host has more than 30 bytes with its '\n' (§6). */
    if (length < 6 || length > 29 || memchr(bytes, 0, length)) {
        return false;
    }
    memcpy(text, bytes, length);
    text[length] = '\0';
    snprintf(told, sizeof told, "*%04X", model_crc(bytes, length - 5));
    if (strcmp(text + length - 5, told) != 0) {
        return false;
    }
    text[length - 5] = '\0';
    return is_body(text, line);
}

static uint32_t read_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

int model_press_of(const uint8_t *eeprom, uint32_t sequence)
{
    const uint8_t *slot = eeprom + 0x020 + sequence % 124 * 8;
    const uint16_t crc = (uint16_t)(slot[6] | slot[7] << 8);
    return read_u32(slot) == sequence && model_crc(slot, 5) == crc && slot[4] < 0x10 ? slot[4] : -1;
}

uint32_t model_identity_of(const uint8_t *eeprom)
{
    const uint8_t *at = eeprom + 0x002;
    const uint32_t id = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return model_crc(at, 4) == (at[4] | at[5] << 8) && is_id(id) ? id : 0;
}
