#include "reader.h"

bool reader_take(struct reader *reader, uint8_t byte)
{
    if (byte == '\n') {
        return true;
    }
    if (reader->length < READER_BYTES) {
        reader->bytes[reader->length] = byte;
    }
    if (reader->length <= READER_BYTES) {
        reader->length++;
    }
    return false;
}

enum line_verdict reader_parse(struct reader *reader, struct line_from_host *line)
{
    const uint8_t length = reader->length;
    reader->length = 0;
    return length > READER_BYTES ? LINE_TOO_LONG : line_parse(reader->bytes, length, line);
}
