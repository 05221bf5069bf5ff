#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "line.h"
#include "reader.h"

/* Reads line/golden-lines.tsv, PROTOCOL.md §16. */

struct row {
    char *from;
    char *verdict;
    char *fields;
    uint8_t bytes[400];
    size_t length;
};

static const char *const verdict_names[] = {"ok", "empty", "too-long", "bytes", "frame", "crc", "type", "fields", "field"};

static void unescape(const char *text, struct row *row)
{
    row->length = 0;
    while (*text) {
        unsigned byte = (unsigned char)*text;
        if (sscanf(text, "\\x%2X", &byte) == 1) {
            text += 3;
        }
        row->bytes[row->length++] = (uint8_t)byte;
        text++;
    }
}

static bool read_row(char *text, struct row *row)
{
    char *columns[4];
    for (int i = 0; i < 4; i++) {
        columns[i] = text;
        text = text ? strchr(text, i < 3 ? '\t' : '\n') : NULL;
        if (text) {
            *text++ = '\0';
        }
    }
    if (!columns[3]) {
        return false;
    }
    row->from = columns[0];
    row->verdict = columns[2];
    row->fields = columns[3];
    unescape(columns[1], row);
    return true;
}

/* The text behind name= in the fields column. */
static const char *field(const struct row *row, const char *name)
{
    static char values[12][24];
    static unsigned next;
    char pattern[16];
    snprintf(pattern, sizeof pattern, " %s=", name);
    const char *at = strstr(row->fields, pattern);
    char *value = values[next++ % 12];
    value[0] = '\0';
    if (at) {
        sscanf(at + strlen(pattern), "%23s", value);
    }
    return value;
}

static uint32_t number(const struct row *row, const char *name)
{
    return (uint32_t)strtoul(field(row, name), NULL, strcmp(name, "id") == 0 ? 16 : 10);
}

static void check_host_row(const struct row *row)
{
    struct line_from_host line = {0};
    const enum line_verdict verdict = line_parse(row->bytes, (uint8_t)row->length, &line);
    CHECK(strcmp(verdict_names[verdict], row->verdict) == 0);
    if (verdict != LINE_OK) {
        return;
    }
    CHECK(strncmp(row->fields, "type=", 5) == 0 && row->fields[5] == line.type);
    CHECK(line.id == number(row, "id"));
    CHECK(line.sequence == number(row, "seq"));
    CHECK(line.code == number(row, line.type == 'L' ? "mode" : "status"));
}

static uint8_t build(const struct row *row, char *out)
{
    if (row->fields[5] == 'H') {
        const struct line_hello hello = {
            .id = number(row, "id"),
            .boot = number(row, "boot"),
            .cause = (uint8_t)number(row, "cause"),
            .next = number(row, "next"),
            .pending = (uint8_t)number(row, "pending"),
            .dropped = number(row, "dropped"),
            .bad = number(row, "bad"),
            .now = number(row, "now"),
            .firmware = field(row, "fw"),
        };
        return line_build_hello(out, &hello);
    }
    if (row->fields[5] == 'E') {
        const struct line_press press = {
            .id = number(row, "id"),
            .sequence = number(row, "seq"),
            .button = (uint8_t)number(row, "button"),
            .has_age = strcmp(field(row, "age"), "-") != 0,
            .age = number(row, "age"),
            .flags = (uint8_t)number(row, "flags"),
        };
        return line_build_press(out, &press);
    }
    return line_build_no_identity(out);
}

/* The box builds its own lines and parses none of them: ok rows must be built, faults of the frame be seen. */
static void check_box_row(const struct row *row)
{
    if (strcmp(row->verdict, "ok") == 0) {
        char out[LINE_MAX_BYTES];
        const uint8_t length = build(row, out);
        CHECK(length == row->length + 1 && out[length - 1] == '\n');
        CHECK(memcmp(out, row->bytes, row->length) == 0);
    }
    uint8_t body_length;
    const enum line_verdict verdict = line_check_frame(row->bytes, (uint8_t)row->length, &body_length);
    const char *told = verdict_names[verdict];
    const bool is_whole = strcmp(row->verdict, "ok") == 0 || strcmp(row->verdict, "type") == 0
        || strcmp(row->verdict, "version") == 0 || strncmp(row->verdict, "field", 5) == 0;
    CHECK(strcmp(told, is_whole ? "ok" : row->verdict) == 0);
}

/* What reader_take and reader_parse make of the same bytes; a line the box has no room for is never a good one. */
static void check_reader(const struct row *row)
{
    static struct reader reader;
    struct line_from_host line;
    for (size_t i = 0; i < row->length; i++) {
        if (row->bytes[i] == '\n') {
            return;
        }
        CHECK(!reader_take(&reader, row->bytes[i]));
    }
    CHECK(reader_take(&reader, '\n'));
    const enum line_verdict verdict = reader_parse(&reader, &line);
    if (row->length > READER_BYTES) {
        CHECK(verdict == LINE_TOO_LONG && strcmp(row->verdict, "ok") != 0);
    } else {
        CHECK(strcmp(verdict_names[verdict], row->verdict) == 0);
    }
}

static void check_golden(FILE *file)
{
    char text[1000];
    unsigned counts[2] = {0};
    while (fgets(text, sizeof text, file)) {
        struct row row;
        if (text[0] == '#' || text[0] == '\n') {
            continue;
        }
        check_case("line: golden %.140s", text);
        CHECK(read_row(text, &row));
        const bool is_host = strcmp(row.from, "host") == 0;
        CHECK(is_host || strcmp(row.from, "box") == 0);
        counts[is_host]++;
        if (is_host) {
            check_host_row(&row);
            check_reader(&row);
        } else {
            check_box_row(&row);
        }
    }
    check_case("line: the golden file was read");
    CHECK(counts[0] > 100 && counts[1] > 100);
}

static void check_garbage(void)
{
    check_case("line: no random bytes are a line");
    uint32_t state = 1;
    for (int i = 0; i < 200000; i++) {
        uint8_t bytes[40];
        struct line_from_host line;
        state = state * 1664525u + 1013904223u;
        const uint8_t length = (uint8_t)((state >> 24) % sizeof bytes);
        for (uint8_t j = 0; j < length; j++) {
            state = state * 1664525u + 1013904223u;
            bytes[j] = (uint8_t)(state >> 24);
        }
        CHECK(line_parse(bytes, length, &line) != LINE_OK);
    }
}

static void check_limits(void)
{
    check_case("line: the longest H has 92 bytes");
    char out[LINE_MAX_BYTES];
    const struct line_hello hello = {UINT32_MAX - 1, UINT32_MAX, 4, UINT32_MAX, 124, UINT32_MAX, UINT32_MAX, UINT32_MAX,
                                     "123456789012"};
    CHECK(line_build_hello(out, &hello) == 92);
    uint8_t body_length = 0;
    CHECK(line_check_frame((const uint8_t *)out, 91, &body_length) == LINE_OK && body_length == 86);
}

void test_line(const char *golden_path)
{
    FILE *file = fopen(golden_path, "r");
    check_case("line: %s can be opened", golden_path);
    CHECK(file != NULL);
    if (file) {
        check_golden(file);
        fclose(file);
    }
    check_garbage();
    check_limits();
}
