#ifndef SENDER_H
#define SENDER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Stop and wait (PROTOCOL.md §9.2): when to send the oldest undelivered press, and which acks to believe (§9.3).
 */

#define SENDER_FIRST_REPEAT_MS 150u
#define SENDER_LAST_REPEAT_MS 2400u

struct sender {
    uint32_t in_flight; /* sequence that was sent and waits for its ack; 0: none */
    uint32_t sent_upto; /* highest sequence sent since boot */
    uint32_t sent_at;
    uint16_t repeat_ms;
    bool is_refused; /* the host said status 2 and has taken nothing since */
};

/* Whether oldest, the oldest undelivered sequence, is to be sent now. */
bool sender_is_due(const struct sender *sender, uint32_t oldest, uint32_t now);
void sender_sent(struct sender *sender, uint32_t sequence, uint32_t now);

/* W: everything from the start. */
void sender_rewind(struct sender *sender);

/* True when everything up to sequence is now committed by the host. */
bool sender_obey_ack(struct sender *sender, uint32_t sequence, uint8_t status);

#endif
