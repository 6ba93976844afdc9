/*
 * index.h: the catalogue for logs: all patterns looked for in one pass over a line, so that a line costs about what
 * reading it costs. What is found is what optscale_messages_match() finds.
 *
 * The first text of each pattern is in one automaton (Aho and Corasick, "Efficient string matching", 1975); only the
 * patterns whose first text is in the line, or is cut off by its end, are tried one by one.
 */
#ifndef EXPORTCHECK_OPTSCALE_MESSAGES_INDEX_H
#define EXPORTCHECK_OPTSCALE_MESSAGES_INDEX_H

#include "optscale/messages/messages.h"

struct optscale_index;

/** Of a catalogue that stays where it is; the patterns of speaker `user` are left out. Takes some milliseconds and a
 * few MB.
 */
struct optscale_index *optscale_index_open(struct arena *arena, const struct optscale_messages *messages);

/**
 * As optscale_messages_match(). `is_whole`: the text was not cut off, as lines of logs are not, so that a message has
 * to end in it. The captures are views of memory in `arena`.
 */
size_t optscale_index_match(struct optscale_index *index, struct arena *arena, struct str text, bool is_whole,
                            struct optscale_match ret[OPTSCALE_SPEAKER_COUNT]);

#endif
