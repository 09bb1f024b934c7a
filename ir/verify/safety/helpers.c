/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls of helpers: are the arguments what the helper takes, and what does it leave behind? */
#include <stdio.h>
#include <string.h>

#include <ebpfvm/backend.h>

#include "ir/verify/safety/safety.h"

enum { LARGEST = 1 << 29, TAIL_CALL = 12, UPDATE = 2, DELETE = 3, PUSH = 87, POP = 88,
       FOR_EACH_ELEM = 164, LOOP = 181 };

struct call {
    struct ebpf_safety *s;
    struct ebpf_state *state;
    const struct ebpf_contract_helper *helper;
    const struct ebpf_map_def *map;
    bool failed;
};

static void refuse(struct call *c, unsigned arg, const char *advice, const char *why)
{
    char text[40];
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    ebpf_value_print(v, text, sizeof(text));
    ebpf_unproven(c->s, c->state, EBPF_ERR_HELPER_ARG, advice, "r%u of %s %s, it is: %s", arg + 1,
                  c->helper->name, why, text);
    c->failed = true;
}

/* Memory of `size` bytes that the helper reads or fills; of one size only, it is aligned. */
static void check_memory(struct call *c, unsigned arg, uint32_t size, bool load, bool store)
{
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    char name[40];
    snprintf(name, sizeof(name), "r%u of %s", arg + 1, c->helper->name);
    struct ebpf_access a = {.base = v, .size = size, .load = load, .store = store, .helper = true,
                            .aligned = c->helper->args[arg].size != 0, .what = name};
    if (ebpf_value_is_packet(v) && !(c->helper->traits & EBPF_HELPER_PACKET) &&
        !(c->s->type->flags & EBPF_TYPE_ANY_HELPER)) {
        refuse(c, arg, "copy it to the stack first", "may not be packet data");
        return;
    }
    if (!ebpf_check_access(c->s, c->state, &a)) {
        c->failed = true;
        return;
    }
    if (v->kind != EBPF_V_STACK || !size)
        return;
    if (load)
        ebpf_stack_check_bytes(c->s, c->state, &a);
    if (store)
        ebpf_stack_store(c->s, c->state, &a, NULL);
}

/* The sizes that an argument may have; false if it is not bounded. */
static bool get_size(struct call *c, unsigned arg, uint32_t *most)
{
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    const struct ebpf_contract_arg *proto = &c->helper->args[arg];
    if (!v || v->kind != EBPF_V_SCALAR) {
        refuse(c, arg, "pass a number", "must be a size");
        return false;
    }
    if (v->number.smin < 0 || v->number.umax >= LARGEST) {
        refuse(c, arg, "bound it on both sides with constants first",
               "is a size that is not bounded");
        return false;
    }
    if (v->number.umin == 0 && !proto->nullable) {
        refuse(c, arg, "make sure that it is at least 1", "is a size that may be 0");
        return false;
    }
    *most = (uint32_t)v->number.umax;
    return true;
}

static void check_sized(struct call *c, unsigned arg)
{
    const struct ebpf_contract_arg *proto = &c->helper->args[arg];
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    bool out = proto->kind == EBPF_TAKES_OUT;
    uint32_t size = proto->size;
    if (proto->size_arg && !get_size(c, proto->size_arg - 1u, &size))
        return;
    if (ebpf_value_is_zero(v) && size == 0 && proto->nullable)
        return; /* nothing is read from nowhere */
    /* Bytes that are filled only up to an unknown size are read as well, for what is behind it. */
    bool exact = !proto->size_arg ||
                 ebpf_scalar_is_const(&ebpf_reg(c->state, proto->size_arg)->number);
    check_memory(c, arg, size, !out || proto->update || !exact, out);
}

static bool holds_sockets(const struct ebpf_map_def *map)
{
    return map->kind == EBPF_MAP_SOCKMAP || map->kind == EBPF_MAP_SOCKHASH;
}

static void check_map(struct call *c, unsigned arg)
{
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    uint32_t id = c->helper->id;
    if (!v || v->kind != EBPF_V_MAP || v->nullable) {
        refuse(c, arg, "pass a map, checked not to be 0", "must be a map");
        return;
    }
    c->map = v->map;
    if (!ebpf_helper_takes_map(id, v->map->kind))
        refuse(c, arg, "use a map of another kind", "is a map of a kind that it does not work on");
    bool sockets = holds_sockets(v->map);
    enum ebpf_type type = c->s->contract->ctx.type;
    if (id == DELETE && sockets && !ebpf_type_removes_sockets(type))
        refuse(c, arg, "do it from outside", "is a map of which this type removes no sockets");
    if (id == UPDATE && sockets && !ebpf_type_puts_sockets(type))
        refuse(c, arg, "do it from outside", "is a map into which this type puts no sockets");
    bool writes = id == UPDATE || id == DELETE || id == PUSH || id == POP;
    if (v->map->flags & EBPF_MAP_RDONLY_PROG && writes)
        refuse(c, arg, "change the flags of the map", "is a map that programs may not write");
}

static void check_record(struct call *c, unsigned arg)
{
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    if (!v || v->kind != EBPF_V_RECORD || v->nullable || v->number.umax != 0)
        refuse(c, arg, "pass what ringbuf_reserve gave, checked not to be 0", "must be a record");
}

static void check_socket(struct call *c, unsigned arg)
{
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    if (c->helper->args[arg].nullable && ebpf_value_is_zero(v))
        return;
    if (!v || v->kind != EBPF_V_SOCKET || v->nullable)
        refuse(c, arg, "pass a socket, checked not to be 0", "must be a socket");
    else if (c->helper->args[arg].releases && !ebpf_value_held(v))
        refuse(c, arg, "give back what was looked up only", "is a socket that is only lent");
}

static void check_value(struct call *c, unsigned arg)
{
    bool absent = c->helper->args[arg].nullable && ebpf_value_is_zero(ebpf_reg(c->state, arg + 1));
    if (c->map && holds_sockets(c->map))
        check_socket(c, arg);
    else if (c->map && !absent)
        check_memory(c, arg, c->map->value_size, true, false);
}

static void check_number(struct call *c, unsigned arg, bool constant)
{
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    if (ebpf_value_is_pointer(v) && c->s->contract->unprivileged)
        refuse(c, arg, "pass a number", "would leak an address to a helper");
    if (constant && (ebpf_value_is_pointer(v) || !ebpf_scalar_is_const(&v->number)))
        refuse(c, arg, "pass a constant", "must be a constant");
}

static void check_context(struct call *c, unsigned arg)
{
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    bool absent = c->helper->args[arg].nullable && ebpf_value_is_zero(v);
    if (!absent && (v->kind != EBPF_V_CTX || v->number.umax != 0))
        refuse(c, arg, "pass r1 as it was at the start", "must be the context");
}

static bool is_callback_helper(uint32_t id)
{
    return id == LOOP || id == FOR_EACH_ELEM;
}

bool ebpf_calls_back(const struct ebpf_safety *s, uint32_t insn)
{
    const struct ebpf_insn *i = ebpf_program_at(s->program, insn);
    return i->op == EBPF_OP_CALL && is_callback_helper((uint32_t)i->imm);
}

static void check_function(struct call *c, unsigned arg)
{
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    if (!is_callback_helper(c->helper->id))
        refuse(c, arg, "leave this helper to programs that are checked at run time",
               "is of a kind that cannot be proven yet (functions, but for loop and "
               "for_each_map_elem)");
    else if (!v || v->kind != EBPF_V_FUNCTION || v->nullable ||
             !ebpf_scalar_is_const(&v->number))
        refuse(c, arg, "load the address of one function", "must be a function");
}

/* A string that nobody ever writes, with its NUL. */
static void check_string(struct call *c, unsigned arg)
{
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    bool known = v && v->kind == EBPF_V_MAP_VALUE && !v->nullable &&
                 ebpf_scalar_is_const(&v->number) && v->number.umin < v->map->value_size;
    const struct ebpf_map_decl *data = known ? ebpf_frozen_map(c->s->program, v->map) : NULL;
    uint64_t at = known ? v->number.umin : 0;
    if (!data)
        refuse(c, arg, "write it as a string constant", "must be a string that nobody can change");
    else if (data->data &&
             !memchr((const char *)data->data + at, 0, (size_t)(v->map->value_size - at)))
        refuse(c, arg, "end it with a NUL", "is a string without an end");
}

static void check_argument(struct call *c, unsigned arg)
{
    const struct ebpf_contract_arg *proto = &c->helper->args[arg];
    const struct ebpf_value *v = ebpf_reg(c->state, arg + 1);
    if (proto->kind == EBPF_TAKES_NONE)
        return;
    if (!v) {
        refuse(c, arg, "set it before the call", "must be set");
        return;
    }
    switch ((enum ebpf_contract_kind)proto->kind) {
    case EBPF_TAKES_NUM: check_number(c, arg, false); break;
    case EBPF_TAKES_CONST: check_number(c, arg, true); break;
    case EBPF_TAKES_ZERO:
        if (!ebpf_value_is_zero(v))
            refuse(c, arg, "pass 0", "must be 0");
        break;
    case EBPF_TAKES_CTX: check_context(c, arg); break;
    case EBPF_TAKES_MAP: check_map(c, arg); break;
    case EBPF_TAKES_KEY:
        if (c->map)
            check_memory(c, arg, c->map->key_size, true, false);
        break;
    case EBPF_TAKES_VALUE: check_value(c, arg); break;
    case EBPF_TAKES_VALUE_OUT:
        if (c->map)
            check_memory(c, arg, c->map->value_size, c->map->kind == EBPF_MAP_BLOOM_FILTER, true);
        break;
    case EBPF_TAKES_MEM:
    case EBPF_TAKES_OUT: check_sized(c, arg); break;
    case EBPF_TAKES_SIZE: {
        uint32_t size;
        get_size(c, arg, &size);
        break;
    }
    case EBPF_TAKES_RECORD: check_record(c, arg); break;
    case EBPF_TAKES_SOCKET: check_socket(c, arg); break;
    case EBPF_TAKES_FUNC: check_function(c, arg); break;
    case EBPF_TAKES_DATA: break; /* anything; the function finds it as an argument */
    case EBPF_TAKES_STR: check_string(c, arg); break;
    case EBPF_TAKES_LOCK:
        refuse(c, arg, "leave this helper to programs that are checked at run time",
               "is a lock, which cannot be proven yet");
        break;
    case EBPF_TAKES_NONE: break;
    }
}

/* What an address is that leads nowhere any more: some number, unless it has to stay secret. */
static const struct ebpf_value *gone(const struct ebpf_safety *s)
{
    return s->contract->unprivileged ? NULL : ebpf_unknown(s);
}

/* Packet data moved: addresses of it are gone, and numbers say nothing of its size any more. */
static const struct ebpf_value *drop_packet(struct ebpf_safety *s, const struct ebpf_value *v,
                                            void *ctx)
{
    (void)ctx;
    if (ebpf_value_is_packet(v) || v->kind == EBPF_V_END)
        return gone(s);
    bool linked = v->kind == EBPF_V_SCALAR && (v->id == EBPF_ID_SIZE || v->size);
    return linked ? ebpf_value_scalar(&s->values, &v->number) : v;
}

/* The packet has another size, and other addresses; `drop` is drop_packet(), or does more. */
static void forget_packet(struct ebpf_safety *s, struct ebpf_state *state, ebpf_remap *drop)
{
    ebpf_state_remap(s, state, drop, NULL);
    state->size = ebpf_packet_size(s);
    state->range_count = 0;
}

static const struct ebpf_value *drop_held(struct ebpf_safety *s, const struct ebpf_value *v,
                                          void *ctx)
{
    return ebpf_value_held(v) == *(const uint32_t *)ctx ? gone(s) : v;
}

static void release(struct call *c)
{
    uint32_t held = ebpf_value_held(ebpf_reg(c->state, EBPF_R1));
    for (unsigned i = 0; i < c->state->acquired_count; i++)
        if (c->state->acquired[i] == held)
            c->state->acquired[i] = c->state->acquired[--c->state->acquired_count];
    ebpf_state_remap(c->s, c->state, drop_held, &held);
}

static bool acquire(struct call *c, uint32_t id)
{
    for (unsigned i = 0; i < c->state->acquired_count; i++)
        if (c->state->acquired[i] == id || c->state->acquired_count == EBPF_ACQUIRED) {
            ebpf_unproven(c->s, c->state, EBPF_ERR_REJECTED, "give it back first",
                          "what was acquired here before is not given back");
            return false;
        }
    c->state->acquired[c->state->acquired_count++] = id;
    return true;
}

/* The number that r0 is. */
static const struct ebpf_value *result_number(const struct call *c)
{
    struct ebpf_scalar n = ebpf_scalar_unknown();
    for (unsigned arg = 0; arg < 5; arg++) {
        const struct ebpf_value *size = ebpf_reg(c->state, arg + 1);
        if (!c->failed && c->helper->traits & EBPF_HELPER_SIZED &&
            c->helper->args[arg].kind == EBPF_TAKES_SIZE) /* or an error */
            n = ebpf_scalar_srange(-EBPF_ERRNO_MAX, (int64_t)size->number.umax);
    }
    return ebpf_value_scalar(&c->s->values, &n);
}

/* The sockets that helpers give. */
static const struct gift {
    bool is_socket;
    uint8_t socket; /* enum ebpf_socket */
    bool looked_up; /* has to be given back */
    bool same;      /* the one of r1 */
} gifts[] = {
    [EBPF_GIVES_SOCK] = {true, EBPF_SOCKET_FULL, .looked_up = true},
    [EBPF_GIVES_ANY_SOCK] = {true, EBPF_SOCKET_COMMON, .looked_up = true},
    [EBPF_GIVES_AS_FULL] = {true, EBPF_SOCKET_FULL, .same = true},
    [EBPF_GIVES_AS_TCP] = {true, EBPF_SOCKET_TCP, .same = true},
    [EBPF_GIVES_AS_OPAQUE] = {true, EBPF_SOCKET_OPAQUE, .same = true},
    [EBPF_GIVES_LENT_SOCK] = {true, EBPF_SOCKET_FULL, .looked_up = false},
};

/* What the call gives if that is a socket. */
static struct gift gift_of(const struct call *c)
{
    static const struct gift xdp = {true, EBPF_SOCKET_XDP, false, false};
    bool value = c->helper->ret == EBPF_GIVES_VALUE && c->map;
    if (value && holds_sockets(c->map))
        return gifts[EBPF_GIVES_SOCK];
    return value && c->map->kind == EBPF_MAP_XSKMAP ? xdp : gifts[c->helper->ret];
}

/* A socket, or 0. */
static const struct ebpf_value *result_socket(struct call *c, struct ebpf_value v,
                                              const struct gift *gift)
{
    const struct ebpf_value *from = ebpf_reg(c->state, EBPF_R1);
    if (c->failed || (gift->looked_up && !acquire(c, v.id)))
        return ebpf_unknown(c->s);
    ebpf_state_forget_id(c->s, c->state, v.id);
    v.kind = EBPF_V_SOCKET;
    v.frame = gift->socket;
    v.size = gift->looked_up;
    v.delta = gift->looked_up ? v.id : gift->same ? from->delta : 0;
    return ebpf_value(&c->s->values, &v);
}

/* What r0 is behind the call. */
static const struct ebpf_value *result(struct call *c)
{
    struct ebpf_value v;
    memset(&v, 0, sizeof(v));
    v.number = ebpf_scalar_const(0);
    v.nullable = c->helper->ret != EBPF_GIVES_STORAGE;
    v.id = v.nullable ? EBPF_SITE(c->s->insn) : 0;
    const struct gift gift = gift_of(c);
    if (gift.is_socket)
        return result_socket(c, v, &gift);
    if ((c->helper->ret == EBPF_GIVES_VALUE || c->helper->ret == EBPF_GIVES_STORAGE) && c->map) {
        ebpf_state_forget_id(c->s, c->state, v.id);
        v.kind = c->map->inner ? EBPF_V_MAP : EBPF_V_MAP_VALUE;
        v.map = c->map->inner ? c->map->inner : c->map;
        bool maps = c->map->kind == EBPF_MAP_ARRAY_OF_MAPS || c->map->kind == EBPF_MAP_HASH_OF_MAPS;
        if (!maps || c->map->inner)
            return ebpf_value(&c->s->values, &v);
        return ebpf_unknown(c->s);
    }
    if (c->helper->ret == EBPF_GIVES_RECORD && !c->failed && acquire(c, v.id)) {
        ebpf_state_forget_id(c->s, c->state, v.id);
        v.kind = EBPF_V_RECORD;
        v.size = (uint32_t)ebpf_reg(c->state, EBPF_R2)->number.umin;
        return ebpf_value(&c->s->values, &v);
    }
    return result_number(c);
}

/* Whether the helper under an id is the kernel's, and programs of this type have it. */
static bool may_call(struct call *c, uint32_t id)
{
    struct ebpf_safety *s = c->s;
    const struct ebpf_contract *contract = s->contract;
    c->helper = ebpf_contract_helper(id);
    bool same = !contract->is_kernel_helper ||
                contract->is_kernel_helper(contract->helper_ctx, id);
    bool any = s->type->flags & EBPF_TYPE_ANY_HELPER;
    bool allowed = c->helper && same && (any || c->helper->types >> contract->ctx.type & 1) &&
                   !(c->helper->privileged && contract->unprivileged);
    if (!allowed)
        ebpf_unproven(s, c->state, EBPF_ERR_HELPER, "use a helper that this type has",
                      "programs of type %s may not call helper %u%s%s", s->type->name, id,
                      c->helper ? ", " : "", c->helper ? c->helper->name : "");
    return allowed;
}

static const struct ebpf_value *drop_passing(struct ebpf_safety *s, const struct ebpf_value *v,
                                             void *ctx)
{
    return ebpf_value_held(v) ? gone(s) : drop_packet(s, v, ctx);
}

/* A call of which nothing is proven: it may have written anything that can be written, given back
 * what is held, and moved the packet. */
static void forget(struct ebpf_safety *s, struct ebpf_state *state)
{
    ebpf_state_forget_stack(s, state);
    forget_packet(s, state, drop_passing);
}

/* Sets what a function that `loop` calls finds; false if it is never called. */
static bool set_loop_arguments(struct call *c, struct ebpf_state *callee)
{
    struct ebpf_safety *s = c->s;
    const struct ebpf_value *count = ebpf_reg(c->state, EBPF_R1);
    struct ebpf_scalar most = ebpf_scalar_unknown(), index;
    if (count->kind == EBPF_V_SCALAR)
        most = count->number;
    most = ebpf_scalar_zext(&most, 32);
    uint64_t times = most.umax < EBPF_LOOP_MAX ? most.umax : EBPF_LOOP_MAX;
    if (times == 0)
        return false;
    index = ebpf_scalar_urange(0, times - 1);
    ebpf_set_reg(s, callee, EBPF_R1, ebpf_value_scalar(&s->values, &index));
    ebpf_set_reg(s, callee, EBPF_R2, ebpf_reg(c->state, EBPF_R3));
    return true;
}

/* The same for `for_each_map_elem`: map, key, value, and what the caller gives. */
static void set_element_arguments(struct call *c, struct ebpf_state *callee)
{
    struct ebpf_safety *s = c->s;
    struct ebpf_value v;
    memset(&v, 0, sizeof(v));
    v.number = ebpf_scalar_const(0);
    v.map = c->map;
    v.kind = EBPF_V_MAP;
    ebpf_set_reg(s, callee, EBPF_R1, ebpf_value(&s->values, &v));
    v.kind = EBPF_V_MAP_VALUE;
    ebpf_set_reg(s, callee, EBPF_R3, ebpf_value(&s->values, &v));
    v.map = NULL;
    v.kind = EBPF_V_LENT;
    v.frame = callee->depth;
    v.size = c->map->key_size;
    ebpf_set_reg(s, callee, EBPF_R2, ebpf_value(&s->values, &v));
    ebpf_set_reg(s, callee, EBPF_R4, ebpf_reg(c->state, EBPF_R3));
}

/* The state in which the function of a helper that calls back starts; NULL if it does not. */
static struct ebpf_state *call_back(struct call *c)
{
    struct ebpf_safety *s = c->s;
    uint32_t first = (uint32_t)ebpf_reg(c->state, EBPF_R2)->number.umin;
    struct ebpf_state *callee = ebpf_state_copy(s, c->state);
    if (!callee)
        return NULL;
    bool starts = ebpf_enter_callback(s, callee, first);
    if (starts && c->helper->id == LOOP)
        starts = set_loop_arguments(c, callee);
    else if (starts)
        set_element_arguments(c, callee);
    if (starts) {
        s->other_at = first;
        return callee;
    }
    ebpf_state_free(s, callee);
    return NULL;
}

/* A tail call ends the program for good, or the function that it is in; the unprivileged name one
 * map for each. */
static void check_tail_call(struct call *c)
{
    struct ebpf_safety *s = c->s;
    if (c->state->acquired_count)
        ebpf_unproven(s, c->state, EBPF_ERR_REJECTED, "give it back first",
                      "a tail call while a record or socket is not given back");
    struct ebpf_once *once = s->once ? &s->once[s->insn] : NULL;
    if (once && once->is_set && once->map != c->map)
        ebpf_unproven(s, c->state, EBPF_ERR_HELPER_ARG, "use a call for each map",
                      "the unprivileged may not call into different maps at one place");
    if (once)
        *once = (struct ebpf_once){.is_set = true, .map = c->map};
}

/* In a function that was called another program takes its place.  What that returns goes to the
 * caller, and it may have moved the packet and, if nothing is proven of it, written to all stacks.
 * NULL if this cannot be: functions that helpers call make no tail calls. */
static struct ebpf_state *return_of_another(struct ebpf_safety *s, const struct ebpf_state *state)
{
    const struct ebpf_call_chain *all = s->contexts.data;
    struct ebpf_state *caller;
    if (state->depth == 0 || all[state->context].calls_back ||
        !(caller = ebpf_state_copy(s, state)))
        return NULL;
    s->other_at = all[state->context].call + 1;
    ebpf_leave_function(s, caller, ebpf_unknown(s));
    forget_packet(s, caller, state->acquired_count ? drop_passing : drop_packet);
    if (s->contract->others_unproven)
        ebpf_state_forget_stack(s, caller);
    return caller;
}

/* What stands for an instruction that cannot be made: a run ends there. */
static enum ebpf_step end_at_missing(struct ebpf_safety *s, struct ebpf_state *state,
                                     const char *missing)
{
    ebpf_unproven(s, state, EBPF_ERR_HELPER, "look whether it is there before you use it",
                  "a run that gets here ends: %s", missing);
    return EBPF_STEP_END;
}

enum ebpf_step ebpf_step_helper(struct ebpf_safety *s, struct ebpf_state *state,
                                const struct ebpf_insn *insn, struct ebpf_state **other)
{
    struct call c = {.s = s, .state = state};
    const struct ebpf_value *r0 = ebpf_unknown(s);
    uint32_t id = (uint32_t)insn->imm;
    const char *missing = ebpf_program_missing(s->program, id);
    if (missing)
        return end_at_missing(s, state, missing);
    if (may_call(&c, id)) {
        for (unsigned arg = 0; arg < 5; arg++)
            check_argument(&c, arg);
        if (id == TAIL_CALL)
            check_tail_call(&c);
        r0 = result(&c);
        if (c.helper->args[0].releases && !c.failed)
            release(&c);
        if (c.helper->traits & EBPF_HELPER_MOVES)
            forget_packet(s, state, drop_packet);
        if (c.helper->traits & EBPF_HELPER_WRITES && !ebpf_is_for_kernel(s))
            ebpf_state_forget_stack(s, state);
        if (is_callback_helper(id) && !c.failed)
            *other = call_back(&c);
    } else {
        c.failed = true;
    }
    if (c.failed)
        forget(s, state);
    for (unsigned r = EBPF_R1; r <= EBPF_R5; r++)
        ebpf_set_reg(s, state, r, NULL);
    ebpf_set_reg(s, state, EBPF_R0, r0);
    if (id == TAIL_CALL)
        *other = return_of_another(s, state);
    return *other ? EBPF_STEP_FORK : EBPF_STEP_NEXT;
}
