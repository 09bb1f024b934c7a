/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "examples/hot-reload/hot_reload.h"

/* Answers with the number of the request, its first four bytes, and the verdict. */
static void answer(struct server *server, const struct filter *filter, uint8_t *request,
                   size_t size, const struct sockaddr_in *from)
{
    const struct ebpf_input in = {.size = sizeof(in), .mem = request, .mem_size = size};
    struct ebpf_result result = {0};
    uint8_t reply[REPLY_SIZE] = {0};
    if (ebpf_vm_run(filter->vm, &in, &result) != EBPF_OK) {
        result.r0 = 0; /* a program that fails lets nothing pass */
        server->faults++;
    }
    memcpy(reply, request, size < 4 ? size : 4);
    memcpy(reply + 4, &result.r0, sizeof(result.r0));
    sendto(server->socket, reply, sizeof(reply), 0, (const struct sockaddr *)from, sizeof(*from));
    server->judged++;
}

/* Everything that has come in by now.  The program is taken after the request was read, so none is
 * judged by a program older than the one that was in force when it was sent. */
static void serve(struct server *server)
{
    struct sockaddr_in from;
    socklen_t length = sizeof(from);
    uint8_t request[REQUEST_SIZE];
    ssize_t size;
    while ((size = recvfrom(server->socket, request, sizeof(request), MSG_DONTWAIT,
                            (struct sockaddr *)&from, &length)) >= 0) {
        struct filter *filter = filter_take(server->slot);
        answer(server, filter, request, (size_t)size, &from);
        filter_drop(filter);
    }
}

void *server_run(void *argument)
{
    struct server *server = argument;
    struct epoll_event events[2] = {{.events = EPOLLIN, .data.fd = server->socket},
                                    {.events = EPOLLIN, .data.fd = server->stop}};
    int epoll = epoll_create1(0);
    bool is_over = epoll < 0;
    for (int i = 0; i < 2 && !is_over; i++)
        is_over = epoll_ctl(epoll, EPOLL_CTL_ADD, events[i].data.fd, &events[i]) != 0;
    while (!is_over) {
        int ready = epoll_wait(epoll, events, 2, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == server->stop)
                is_over = true;
            else
                serve(server);
        }
    }
    close(epoll);
    return NULL;
}
