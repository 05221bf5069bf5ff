#include "crc16.h"
#include "line.h"

/* '*' and four digits, §2. */
#define TAIL_BYTES 5u

struct span {
    const uint8_t *at;
    uint8_t length;
};

/* One digit of the lower-case (id) or upper-case (CRC) kind, or 0xFF. */
static uint8_t hex_value(uint8_t c, uint8_t first_letter)
{
    if (c >= '0' && c <= '9') {
        return (uint8_t)(c - '0');
    }
    if (c >= first_letter && c < first_letter + 6) {
        return (uint8_t)(c - first_letter + 10);
    }
    return 0xFF;
}

static bool read_hex(struct span text, uint8_t first_letter, uint32_t *value)
{
    *value = 0;
    for (uint8_t i = 0; i < text.length; i++) {
        const uint8_t digit = hex_value(text.at[i], first_letter);
        if (digit == 0xFF) {
            return false;
        }
        *value = (*value << 4) | digit;
    }
    return true;
}

static bool read_id(struct span text, uint32_t *id)
{
    return text.length == 8 && read_hex(text, 'a', id) && *id != 0 && *id != UINT32_MAX;
}

static bool read_u32(struct span text, uint32_t *value)
{
    if (text.length == 0 || text.length > 10 || (text.at[0] == '0' && text.length > 1)) {
        return false;
    }
    *value = 0;
    for (uint8_t i = 0; i < text.length; i++) {
        const uint8_t digit = (uint8_t)(text.at[i] - '0');
        if (digit > 9 || *value > (UINT32_MAX - digit) / 10u) {
            return false;
        }
        *value = *value * 10u + digit;
    }
    return true;
}

static bool read_sequence(struct span text, uint32_t *sequence)
{
    return read_u32(text, sequence) && *sequence != 0 && *sequence != UINT32_MAX;
}

static bool read_status(struct span text, uint8_t *code)
{
    uint32_t value;
    if (!read_u32(text, &value) || (value != LINE_ACK_COMMITTED && value != LINE_ACK_NOT_NOW)) {
        return false;
    }
    *code = (uint8_t)value;
    return true;
}

static bool read_mode(struct span text, uint8_t *code)
{
    uint32_t value;
    if (!read_u32(text, &value) || value > 2) {
        return false;
    }
    *code = (uint8_t)value;
    return true;
}

enum line_verdict line_check_frame(const uint8_t *bytes, uint8_t length, uint8_t *body_length)
{
    if (length == 0) {
        return LINE_EMPTY;
    }
    if (length > LINE_MAX_BYTES - 1) {
        return LINE_TOO_LONG;
    }
    for (uint8_t i = 0; i < length; i++) {
        if (bytes[i] < 0x20 || bytes[i] > 0x7E) {
            return LINE_BYTES;
        }
    }
    if (length <= TAIL_BYTES || bytes[length - TAIL_BYTES] != '*') {
        return LINE_FRAME;
    }
    uint32_t told;
    if (!read_hex((struct span){bytes + length - 4, 4}, 'A', &told)) {
        return LINE_FRAME;
    }
    *body_length = (uint8_t)(length - TAIL_BYTES);
    return told == crc16_of(bytes, *body_length) ? LINE_OK : LINE_CRC;
}

/* Number of fields of a type of the host, type included; 0 for every other type. */
static uint8_t field_count(uint8_t type)
{
    switch (type) {
    case 'W':
        return 1;
    case 'S':
    case 'L':
        return 2;
    case 'A':
        return 4;
    default:
        return 0;
    }
}

/* Cuts BODY at its commas; returns the number of fields, of which the first 4 are kept. */
static uint8_t split(const uint8_t *body, uint8_t length, struct span fields[4])
{
    uint8_t count = 0;
    uint8_t start = 0;
    for (uint8_t i = 0; i <= length; i++) {
        if (i < length && body[i] != ',') {
            continue;
        }
        if (count < 4) {
            fields[count] = (struct span){body + start, (uint8_t)(i - start)};
        }
        count++;
        start = (uint8_t)(i + 1);
    }
    return count;
}

static bool read_fields(const struct span fields[4], struct line_from_host *line)
{
    switch (line->type) {
    case 'A':
        return read_id(fields[1], &line->id) && read_sequence(fields[2], &line->sequence)
            && read_status(fields[3], &line->code);
    case 'S':
        return read_id(fields[1], &line->id);
    case 'L':
        return read_mode(fields[1], &line->code);
    default:
        return true;
    }
}

enum line_verdict line_parse(const uint8_t *bytes, uint8_t length, struct line_from_host *line)
{
    uint8_t body_length = 0;
    const enum line_verdict frame = line_check_frame(bytes, length, &body_length);
    if (frame != LINE_OK) {
        return frame;
    }
    struct span fields[4];
    const uint8_t count = split(bytes, body_length, fields);
    const uint8_t expected = fields[0].length == 1 ? field_count(fields[0].at[0]) : 0;
    if (expected == 0) {
        return LINE_TYPE;
    }
    if (count != expected) {
        return LINE_FIELDS;
    }
    *line = (struct line_from_host){.type = (char)fields[0].at[0]};
    return read_fields(fields, line) ? LINE_OK : LINE_FIELD;
}
