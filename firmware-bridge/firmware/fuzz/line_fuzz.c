#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "model.h"
#include "reader.h"

/*
 * Any bytes as a line of the host: line_parse and the reader agree with the model on good or not and on every field.
 * First byte of an input: even, what follows is the line; odd, it is the BODY and gets its frame here, or no input
 * would ever come past the CRC.
 */

static void insist(bool is_true, const char *what)
{
    if (!is_true) {
        fprintf(stderr, "line: %s\n", what);
        abort();
    }
}

static size_t frame(uint8_t *line, size_t length)
{
    char tail[8];
    snprintf(tail, sizeof tail, "*%04X", model_crc(line, length));
    memcpy(line + length, tail, 5);
    return length + 5;
}

static void compare(const struct line_from_host *a, const struct line_from_host *b)
{
    insist(a->type == b->type && a->id == b->id && a->sequence == b->sequence && a->code == b->code, "other fields");
}

static void read_with_reader(const uint8_t *bytes, size_t length, bool is_good, const struct line_from_host *model)
{
    static struct reader reader; /* keeps its state: a line must leave nothing behind */
    struct line_from_host line;
    for (size_t i = 0; i < length; i++) {
        insist(!reader_take(&reader, bytes[i]), "a line ended in its middle");
    }
    insist(reader_take(&reader, '\n'), "no end of the line");
    insist((reader_parse(&reader, &line) == LINE_OK) == is_good, "the reader thinks otherwise");
    if (is_good) {
        compare(&line, model);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 251) {
        return -1;
    }
    uint8_t *line = malloc(size + 5); /* of the very length, for the address sanitizer */
    memcpy(line, data + 1, size - 1);
    const size_t length = data[0] & 1 ? frame(line, size - 1) : size - 1;
    uint8_t *exact = malloc(length);
    memcpy(exact, line, length);
    struct line_from_host model;
    struct line_from_host parsed;
    const bool is_good = model_parse(exact, length, &model);
    insist((line_parse(exact, (uint8_t)length, &parsed) == LINE_OK) == is_good, "the parser thinks otherwise");
    if (is_good) {
        compare(&parsed, &model);
    }
    if (!memchr(exact, '\n', length)) {
        read_with_reader(exact, length, is_good, &model);
    }
    free(exact);
    free(line);
    return 0;
}
