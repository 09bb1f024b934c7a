/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Two threads serve, one client asks without a pause and checks every answer, and meanwhile the
 * program is replaced again and again.
 *
 *     hot-reload [RELOADS]
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "examples/hot-reload/hot_reload.h"

enum { SERVERS = 2, WINDOW = 32 };

/* Version N refuses requests whose number XOR N is a multiple of 3.  The verdict has the version in
 * it, so that the client can tell by which program it was judged. */
static const char text[] = "    mov r0, 0\n"
                           "    jlt r2, 4, out\n"
                           "    ldxw r3, [r1]\n"
                           "    xor32 r3, %u\n"
                           "    mod32 r3, 3\n"
                           "    mov r0, %u\n"
                           "    jeq r3, 0, out\n"
                           "    or r0, 1\n"
                           "out:\n"
                           "    exit\n";

static uint64_t expected(uint32_t number, uint64_t version)
{
    return version << 1 | ((number ^ (uint32_t)version) % 3 != 0);
}

static void fail(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static struct filter *load_version(unsigned version)
{
    char buffer[sizeof(text) + 32];
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_stream err = ebpf_stream_file(stderr);
    snprintf(buffer, sizeof(buffer), text, version, version << 1);
    struct filter *filter = filter_load(buffer, diag);
    if (!filter) {
        ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &err);
        exit(EXIT_FAILURE);
    }
    ebpf_diag_free(diag);
    return filter;
}

/* The client: WINDOW requests are under way, so that no buffer of the kernel's runs over. */
struct client {
    struct sockaddr_in server;
    int socket;
    atomic_uint version; /* the one that was loaded last */
    atomic_bool is_over;
    uint64_t sent, answered, wrong;
    unsigned least[WINDOW]; /* by request: the version in force when it was sent */
};

static void ask(struct client *c)
{
    uint8_t request[REQUEST_SIZE] = {0};
    uint32_t number = (uint32_t)c->sent++;
    memcpy(request, &number, sizeof(number));
    c->least[number % WINDOW] = atomic_load(&c->version);
    if (sendto(c->socket, request, sizeof(request), 0, (const struct sockaddr *)&c->server,
               sizeof(c->server)) != sizeof(request))
        fail("sendto");
}

/* @return false if none came within the time that the socket waits */
static bool check_answer(struct client *c)
{
    uint8_t reply[REPLY_SIZE];
    uint32_t number;
    uint64_t verdict;
    if (recv(c->socket, reply, sizeof(reply), 0) != sizeof(reply))
        return false;
    memcpy(&number, reply, sizeof(number));
    memcpy(&verdict, reply + 4, sizeof(verdict));
    c->answered++;
    if (verdict != expected(number, verdict >> 1) || verdict >> 1 < c->least[number % WINDOW])
        c->wrong++;
    return true;
}

static void *client_run(void *argument)
{
    struct client *c = argument;
    bool is_answered = true;
    while (is_answered && !atomic_load(&c->is_over)) {
        for (int i = 0; i < WINDOW; i++)
            ask(c);
        for (int i = 0; i < WINDOW && is_answered; i++)
            is_answered = check_answer(c);
    }
    return NULL;
}

static int bind_socket(struct sockaddr_in *address)
{
    const struct timeval patience = {.tv_sec = 30};
    socklen_t length = sizeof(*address);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
    if (fd < 0 || bind(fd, (struct sockaddr *)address, sizeof(*address)) ||
        getsockname(fd, (struct sockaddr *)address, &length) ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
        fail("socket");
    return fd;
}

static void reload(struct slot *slot, struct client *client, unsigned reloads)
{
    const struct timespec pause = {.tv_nsec = 2000000};
    for (unsigned version = 1; version <= reloads; version++) {
        filter_replace(slot, load_version(version));
        atomic_store(&client->version, version);
        nanosleep(&pause, NULL);
    }
}

/* Serves and asks while the program is replaced; then, all that was sent being answered, stops. */
static void work(struct slot *slot, struct server *servers, struct client *client, unsigned reloads)
{
    pthread_t threads[SERVERS + 1];
    for (int i = 0; i < SERVERS; i++)
        if (pthread_create(&threads[i], NULL, server_run, &servers[i]))
            fail("pthread_create");
    if (pthread_create(&threads[SERVERS], NULL, client_run, client))
        fail("pthread_create");
    reload(slot, client, reloads);
    atomic_store(&client->is_over, true);
    pthread_join(threads[SERVERS], NULL);
    if (eventfd_write(servers[0].stop, 1))
        fail("eventfd");
    for (int i = 0; i < SERVERS; i++)
        pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
    unsigned reloads = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
    struct slot slot = {.lock = PTHREAD_MUTEX_INITIALIZER, .filter = load_version(0)};
    struct server servers[SERVERS];
    struct client client = {0};
    struct sockaddr_in ignored;
    uint64_t judged = 0, faults = 0;
    int fd = bind_socket(&client.server), stop = eventfd(0, EFD_NONBLOCK);
    client.socket = bind_socket(&ignored);
    for (int i = 0; i < SERVERS; i++)
        servers[i] = (struct server){.slot = &slot, .socket = fd, .stop = stop};
    work(&slot, servers, &client, reloads);
    for (int i = 0; i < SERVERS; i++) {
        judged += servers[i].judged;
        faults += servers[i].faults;
    }
    filter_replace(&slot, NULL);
    close(fd), close(stop), close(client.socket);
    printf("%u reloads under load: %llu requests, %llu lost, %llu misjudged, %llu faults\n",
           reloads, (unsigned long long)client.sent,
           (unsigned long long)(client.sent - client.answered), (unsigned long long)client.wrong,
           (unsigned long long)faults);
    return client.sent != client.answered || client.wrong || faults || judged != client.sent;
}
