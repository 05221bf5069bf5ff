#ifndef VERSION_H
#define VERSION_H

/* Told in H (PROTOCOL.md §5.1), 1 to 12 characters. */
#define VERSION_FIRMWARE "1.0.0"
#define VERSION_PROTOCOL "1"

#endif
