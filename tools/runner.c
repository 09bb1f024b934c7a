/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tools/interrupt.h"
#include "tools/runner.h"

/* What workers write to with each packet lies on lines of the cache of its own. */
enum { CACHE_LINES = 128 };

struct tool_worker {
    _Alignas(CACHE_LINES) struct tool_runner *runner;
    pthread_t thread;
    struct ebpf_input input; /* of the next run */
    struct ebpf_result result;
    char *mbuff;
    struct tool_tally tally; /* of this batch */
    uint64_t untold;         /* packets that are not in pool->ran yet */
    uint64_t told_at;        /* what tally.nanoseconds was when the others got there */
    uint64_t known_r0;       /* the last one, and whether its packet passed */
    bool known_passes;
};

struct tool_pool {
    pthread_mutex_t lock;
    pthread_cond_t begin, end;
    uint64_t batches;  /* under the lock: how many there were to run */
    unsigned running;  /* under the lock: threads that are not done with the last one */
    bool quit;         /* under the lock */
    double done;       /* of the progress bar */
    size_t chunk;      /* how many packets a worker takes at once */
    atomic_size_t next; /* the first packet that nobody took */
    atomic_ullong ran;  /* packets, of all batches */
    _Atomic(ebpf_status) status; /* why to stop, or EBPF_OK */
};

/* What r0 says of a packet: mostly the same as of the one before. */
static bool passes(struct tool_worker *w, uint64_t r0)
{
    if (r0 != w->known_r0) {
        w->known_r0 = r0;
        w->known_passes = ebpf_verdict_of(w->runner->type, r0).goes_on != 0;
    }
    return w->known_passes;
}

/* Runs one packet. @return EBPF_OK, be it with a fault; else why to stop. */
static ebpf_status run_packet(struct tool_worker *w, struct tool_packet *p)
{
    const struct tool_runner *r = w->runner;
    struct ebpf_result *result = &w->result;
    const uint32_t head = r->batch->head;
    const bool none = p->length + head == 0; /* and so nothing that could grow */
    w->input.mem = none ? NULL : r->batch->bytes + p->offset - head;
    w->input.mem_size = (uint64_t)p->length + head;
    w->input.head_room = none ? 0 : r->batch->rooms.head - head;
    w->input.tail_room = none ? 0 : r->batch->rooms.tail;
    if (r->mbuff->size > 0)
        memcpy(w->mbuff, r->mbuff->data, r->mbuff->size);
    result->fault.status = EBPF_OK;
    ebpf_status status = ebpf_vm_run(r->vm, &w->input, result);
    if (status == EBPF_ERR_INTERRUPTED ||
        (status != EBPF_OK && result->fault.status == EBPF_OK))
        return status;
    p->ran = true;
    p->status = status;
    p->r0 = result->r0;
    p->executed = result->executed;
    p->passes = passes(w, p->r0);
    if (r->type && p->length) {
        p->out_offset = (size_t)((const uint8_t *)result->packet - r->batch->bytes);
        p->out_length = (uint32_t)result->packet_size;
    }
    tool_tally_add(&w->tally, p, &result->fault);
    return EBPF_OK;
}

/* Runs some packets once. */
static ebpf_status run_round(struct tool_worker *w, size_t from, size_t to)
{
    struct tool_pool *pool = w->runner->pool;
    ebpf_status status = EBPF_OK;
    uint64_t start = tool_clock();
    size_t i = from;
    for (; i < to && status == EBPF_OK; i++) {
        /* A short program ends before an engine looks at the switch. */
        status = tool_interrupted() ? EBPF_ERR_INTERRUPTED
                                    : run_packet(w, &w->runner->batch->packets[i]);
    }
    w->tally.nanoseconds += tool_clock() - start;
    w->untold += i - from;
    return status != EBPF_OK ? status : atomic_load_explicit(&pool->status, memory_order_relaxed);
}

static void show_progress(struct tool_worker *w, double rounds)
{
    struct tool_runner *r = w->runner;
    atomic_fetch_add_explicit(&r->pool->ran, w->untold, memory_order_relaxed);
    w->untold = 0;
    w->told_at = w->tally.nanoseconds;
    if (w == r->workers)
        tool_progress_update(&r->progress, r->pool->done < 0 ? rounds : r->pool->done,
                             atomic_load_explicit(&r->pool->ran, memory_order_relaxed));
}

/* Runs some packets as often as asked for.  A program that does not write to its packets is not
 * slowed down by bringing them back; what is written to a file is exact in any case. */
static ebpf_status run_rounds(struct tool_worker *w, size_t from, size_t to)
{
    enum { TOLD_AFTER = 4096, TOLD_NANOSECONDS = 50000000 };
    const struct tool_options *o = &w->runner->tool->options;
    struct tool_batch *batch = w->runner->batch;
    uint64_t rounds = o->repeat ? o->repeat : 1;
    ebpf_status status = run_round(w, from, to);
    bool changed = rounds > 1 && (o->out || tool_batch_is_changed(batch, from, to));
    for (uint64_t i = 1; i < rounds && status == EBPF_OK; i++) {
        if (changed)
            tool_batch_restore(batch, from, to);
        status = run_round(w, from, to);
        if (w->untold > TOLD_AFTER || w->tally.nanoseconds - w->told_at > TOLD_NANOSECONDS)
            show_progress(w, (double)i / (double)rounds);
    }
    return status;
}

/* Takes packets of the batch until there are none left. */
static void work(struct tool_worker *w)
{
    struct tool_pool *pool = w->runner->pool;
    size_t count = w->runner->batch->count, from;
    while (atomic_load(&pool->status) == EBPF_OK &&
           (from = atomic_fetch_add(&pool->next, pool->chunk)) < count) {
        size_t rest = count - from, size = rest < pool->chunk ? rest : pool->chunk;
        ebpf_status none = EBPF_OK, status = run_rounds(w, from, from + size);
        if (status != EBPF_OK)
            atomic_compare_exchange_strong(&pool->status, &none, status);
    }
}

static void *thread(void *argument)
{
    struct tool_worker *w = argument;
    struct tool_pool *pool = w->runner->pool;
    uint64_t seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->batches == seen && !pool->quit)
            pthread_cond_wait(&pool->begin, &pool->lock);
        if (pool->quit)
            break;
        seen = pool->batches;
        pthread_mutex_unlock(&pool->lock);
        work(w);
        pthread_mutex_lock(&pool->lock);
        if (--pool->running == 0)
            pthread_cond_signal(&pool->end);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static bool prepare(struct tool_runner *r, struct tool_worker *w)
{
    w->runner = r;
    w->mbuff = malloc(r->mbuff->size + 1);
    w->known_passes = ebpf_verdict_of(r->type, w->known_r0).goes_on != 0;
    w->input = (struct ebpf_input){.size = sizeof(w->input), .mbuff_size = r->mbuff->size,
                                   .mbuff = r->mbuff->size ? w->mbuff : NULL,
                                   .interrupt = r->interrupt};
    return w->mbuff != NULL;
}

/* Starts threads up to the number; fewer do as well.  Ctrl-C is the main thread's, so that what it
 * waits for ends. */
static bool start_threads(struct tool_runner *r, unsigned count)
{
    sigset_t interrupts, old;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupts, &old);
    bool ok = true;
    for (; r->worker_count < count && ok; r->worker_count += ok) {
        struct tool_worker *w = &r->workers[r->worker_count];
        ok = prepare(r, w) && pthread_create(&w->thread, NULL, thread, w) == 0;
        if (!ok)
            free(w->mbuff);
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return ok;
}

bool tool_runner_start(struct tool_runner *r)
{
    uint64_t asked = r->tool->options.threads ? r->tool->options.threads : 1;
    unsigned count = asked < ebpf_map_cpus() ? (unsigned)asked : ebpf_map_cpus();
    r->pool = calloc(1, sizeof(*r->pool));
    r->workers = aligned_alloc(CACHE_LINES, count * sizeof(*r->workers));
    if (r->workers)
        memset(r->workers, 0, count * sizeof(*r->workers));
    if (!r->pool || !r->workers || !prepare(r, &r->workers[0]))
        return false;
    pthread_mutex_init(&r->pool->lock, NULL);
    pthread_cond_init(&r->pool->begin, NULL);
    pthread_cond_init(&r->pool->end, NULL);
    r->worker_count = 1;
    return start_threads(r, count);
}

void tool_runner_stop(struct tool_runner *r)
{
    if (r->worker_count > 0) {
        pthread_mutex_lock(&r->pool->lock);
        r->pool->quit = true;
        pthread_cond_broadcast(&r->pool->begin);
        pthread_mutex_unlock(&r->pool->lock);
        for (unsigned i = 1; i < r->worker_count; i++)
            pthread_join(r->workers[i].thread, NULL);
        for (unsigned i = 0; i < r->worker_count; i++)
            free(r->workers[i].mbuff);
        pthread_cond_destroy(&r->pool->end);
        pthread_cond_destroy(&r->pool->begin);
        pthread_mutex_destroy(&r->pool->lock);
    }
    free(r->workers);
    free(r->pool);
    r->workers = NULL;
    r->pool = NULL;
    r->worker_count = 0;
}

/* Adds up what the workers found; they ran at the same time. */
static void collect(struct tool_runner *r)
{
    uint64_t longest = 0;
    for (unsigned i = 0; i < r->worker_count; i++) {
        struct tool_tally *t = &r->workers[i].tally;
        longest = t->nanoseconds > longest ? t->nanoseconds : longest;
        t->nanoseconds = 0;
        tool_tally_merge(&r->tally, t);
        *t = (struct tool_tally){0};
        r->workers[i].told_at = 0;
    }
    r->tally.nanoseconds += longest;
    tool_batch_drop_others(r->batch);
}

ebpf_status tool_runner_run(struct tool_runner *r, double done)
{
    enum { CHUNKS = 8, CHUNK_MIN = 16 }; /* of each worker: few, but so that none waits long */
    struct tool_pool *pool = r->pool;
    size_t chunk = r->batch->count / (r->worker_count * CHUNKS);
    pool->chunk = r->worker_count == 1 ? r->batch->count + 1
                  : chunk > CHUNK_MIN  ? chunk : CHUNK_MIN;
    pool->done = done;
    atomic_store(&pool->next, 0);
    atomic_store(&pool->status, EBPF_OK);
    if (r->worker_count > 1) {
        pthread_mutex_lock(&pool->lock);
        pool->batches++;
        pool->running = r->worker_count - 1;
        pthread_cond_broadcast(&pool->begin);
        pthread_mutex_unlock(&pool->lock);
    }
    work(&r->workers[0]);
    pthread_mutex_lock(&pool->lock);
    while (pool->running > 0)
        pthread_cond_wait(&pool->end, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    collect(r);
    return atomic_load(&pool->status);
}
