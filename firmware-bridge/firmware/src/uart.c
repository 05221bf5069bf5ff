#include "uart.h"

#include <avr/interrupt.h>
#include <avr/io.h>

/*
 * One producer and one consumer each, one of them an interrupt: 8-bit indices are read and written whole, so no
 * lock is needed. Sizes are powers of two; a ring is empty when both indices are equal.
 */
#define RECEIVE_BYTES 64u
#define SEND_BYTES 128u

/* 16 MHz, U2X: 16e6 / (8 * 35) = 57143 baud, -0.8 % (without U2X it would be +2.1 %). */
#define BAUD_DIVIDER 34u

static volatile uint8_t received[RECEIVE_BYTES];
static volatile uint8_t receive_head;
static volatile uint8_t receive_tail;
static volatile uint8_t to_send[SEND_BYTES];
static volatile uint8_t send_head;
static volatile uint8_t send_tail;

void uart_open(void)
{
    UBRR0 = BAUD_DIVIDER;
    UCSR0A = _BV(U2X0);
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
}

/* A full ring drops the byte: its line fails the CRC and comes again (PROTOCOL.md §8.2). */
ISR(USART_RX_vect)
{
    const uint8_t status = UCSR0A;
    uint8_t byte = UDR0;
    if (status & (_BV(FE0) | _BV(DOR0))) {
        byte = 0;
    }
    const uint8_t head = receive_head;
    const uint8_t next = (uint8_t)((head + 1u) & (RECEIVE_BYTES - 1u));
    if (next != receive_tail) {
        received[head] = byte;
        receive_head = next;
    }
}

/* Asked for as long as the data register is empty, so it must switch itself off with the last byte. */
ISR(USART_UDRE_vect)
{
    const uint8_t tail = send_tail;
    const uint8_t next = (uint8_t)((tail + 1u) & (SEND_BYTES - 1u));
    UDR0 = to_send[tail];
    send_tail = next;
    if (next == send_head) {
        UCSR0B &= (uint8_t)~_BV(UDRIE0);
    }
}

bool uart_has_received(void)
{
    return receive_head != receive_tail;
}

bool uart_take(uint8_t *byte)
{
    const uint8_t tail = receive_tail;
    if (tail == receive_head) {
        return false;
    }
    *byte = received[tail];
    receive_tail = (uint8_t)((tail + 1u) & (RECEIVE_BYTES - 1u));
    return true;
}

bool uart_send(const char *bytes, uint8_t length)
{
    const uint8_t used = (uint8_t)((send_head - send_tail) & (SEND_BYTES - 1u));
    if (length > SEND_BYTES - 1u - used) {
        return false;
    }
    uint8_t head = send_head;
    for (uint8_t i = 0; i < length; i++) {
        to_send[head] = (uint8_t)bytes[i];
        head = (uint8_t)((head + 1u) & (SEND_BYTES - 1u));
    }
    send_head = head;
    cli();
    UCSR0B |= _BV(UDRIE0);
    sei();
    return true;
}
