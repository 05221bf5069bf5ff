#include "sender.h"

#include "line.h"

bool sender_is_due(const struct sender *sender, uint32_t oldest, uint32_t now)
{
    return sender->in_flight != oldest || now - sender->sent_at >= sender->repeat_ms;
}

void sender_sent(struct sender *sender, uint32_t sequence, uint32_t now)
{
    if (sender->in_flight != sequence) {
        sender->in_flight = sequence;
        sender->repeat_ms = SENDER_FIRST_REPEAT_MS;
    } else if (sender->repeat_ms < SENDER_LAST_REPEAT_MS) {
        sender->repeat_ms = (uint16_t)(sender->repeat_ms * 2u);
    }
    if (sequence > sender->sent_upto) {
        sender->sent_upto = sequence;
    }
    sender->sent_at = now;
}

void sender_rewind(struct sender *sender)
{
    sender->in_flight = 0;
    sender->is_refused = false;
}

bool sender_obey_ack(struct sender *sender, uint32_t sequence, uint8_t status)
{
    if (sequence > sender->sent_upto) {
        return false;
    }
    if (status == LINE_ACK_NOT_NOW) {
        if (sequence == sender->in_flight) {
            sender->is_refused = true;
            sender->repeat_ms = SENDER_LAST_REPEAT_MS;
        }
        return false;
    }
    if (sequence >= sender->in_flight) {
        sender->is_refused = false;
    }
    return true;
}
