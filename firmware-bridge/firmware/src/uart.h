#ifndef UART_H
#define UART_H

#include <stdbool.h>
#include <stdint.h>

/* USART0 at 57600 8N1 with a ring each way, both served by interrupts (PROTOCOL.md §1). */

void uart_open(void);

/* Next received byte; false when there is none. A byte that was damaged or lost comes as 0x00. */
bool uart_take(uint8_t *byte);
bool uart_has_received(void);

/* All of it or nothing. */
bool uart_send(const char *bytes, uint8_t length);

#endif
