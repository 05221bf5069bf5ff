#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "crc16.h"
#include "journal.h"
#include "lights.h"
#include "line.h"

/* Reads line/codes.tsv (PROTOCOL.md §15): the numbers that lib/ has for names are the ones told there. */

struct constant {
    const char *kind;
    const char *name;
    unsigned code;
};

static const struct constant constants[] = {
    {"flag", "stuck", JOURNAL_FLAG_STUCK},       {"flag", "chord", JOURNAL_FLAG_CHORD},
    {"status", "committed", LINE_ACK_COMMITTED}, {"status", "cannot-store", LINE_ACK_NOT_NOW},
    {"mode", "normal", LIGHTS_MODE_NORMAL},      {"mode", "dim", LIGHTS_MODE_DIM},
    {"mode", "quiet", LIGHTS_MODE_QUIET},        {"reason", "empty", LINE_EMPTY},
    {"reason", "too-long", LINE_TOO_LONG},       {"reason", "bytes", LINE_BYTES},
    {"reason", "frame", LINE_FRAME},             {"reason", "crc", LINE_CRC},
    {"reason", "type", LINE_TYPE},
    /* The host alone sees versions, so the two behind it are one less in line.h. */
    {"reason", "fields", LINE_FIELDS + 1},       {"reason", "field", LINE_FIELD + 1},
};
#define CONSTANTS (sizeof constants / sizeof constants[0])

static void check_constant(const char *kind, const char *code, const char *name, unsigned *seen)
{
    for (unsigned i = 0; i < CONSTANTS; i++) {
        if (strcmp(constants[i].kind, kind) == 0 && strcmp(constants[i].name, name) == 0) {
            CHECK(constants[i].code == strtoul(code, NULL, 10));
            *seen |= 1u << i;
            return;
        }
    }
    CHECK(strcmp(kind, "cause") == 0 || strcmp(kind, "button") == 0 || strcmp(name, "version") == 0);
}

/* A letter of the host is known to the parser, one of the box isn't. */
static void check_type(const char *letter, const char *sender)
{
    char text[16];
    struct line_from_host line;
    snprintf(text, sizeof text, "%s,,,,,*%04X", letter, 0u);
    const uint8_t body_length = (uint8_t)(strlen(text) - 5);
    snprintf(text + body_length, 6, "*%04X", crc16_of((const uint8_t *)text, body_length));
    const enum line_verdict verdict = line_parse((const uint8_t *)text, (uint8_t)strlen(text), &line);
    CHECK(verdict == (strcmp(sender, "host") == 0 ? LINE_FIELDS : LINE_TYPE));
}

static void check_row(char *row, unsigned *seen, unsigned *types)
{
    const char *kind = strtok(row, "\t");
    const char *code = strtok(NULL, "\t");
    const char *name = strtok(NULL, "\t");
    CHECK(kind && code && name && strtok(NULL, "\n"));
    if (!kind || !code || !name) {
        return;
    }
    if (strcmp(kind, "type") == 0) {
        check_type(code, name);
        (*types)++;
    } else {
        check_constant(kind, code, name, seen);
    }
}

void test_codes(const char *path)
{
    FILE *file = fopen(path, "r");
    check_case("codes: %s can be opened", path);
    CHECK(file != NULL);
    if (!file) {
        return;
    }
    char row[400];
    unsigned seen = 0;
    unsigned types = 0;
    while (fgets(row, sizeof row, file)) {
        if (row[0] != '#' && row[0] != '\n') {
            check_case("codes: %.60s", row);
            check_row(row, &seen, &types);
        }
    }
    fclose(file);
    check_case("codes: each number of lib/ stands in the file");
    CHECK(seen == (1u << CONSTANTS) - 1 && types == 7);
}
