/*
 * asks.h: all that OptScale asks of AWS for one data source, from connecting to its imports: what it asks on the
 * account as it was listed, and what it will ask of the files to come.
 */
#ifndef EXPORTCHECK_OPTSCALE_CONNECT_ASKS_H
#define EXPORTCHECK_OPTSCALE_CONNECT_ASKS_H

#include "optscale/connect/connect.h"

/**
 * The requests of connecting, and of an import of every period: each once, in OptScale's order. What the account
 * refuses ends the list, so give one that refuses nothing. Where connecting does not work, those of an import with the
 * settings as they are. `account->asked` is not looked at.
 */
struct optscale_requests optscale_asks(struct arena *arena, const struct optscale_account *account,
                                       const struct optscale_config *config, const struct optscale_build *build);

/**
 * Patterns of the requests that files to come will cause, in the folder where imports look after this connect: lists of
 * the folders that AWS makes there, and objects of any name.
 */
struct optscale_requests optscale_asks_to_come(struct arena *arena, const struct optscale_account *account,
                                               const struct optscale_config *config,
                                               const struct optscale_build *build);

#endif
