/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Comparing types for CO-RE relocations, of every kind; the answers are those of libbpf. */
#include "frontend/elf/core.h"
#include "tests/unit/unit.h"

typedef uint32_t type_fn(struct btf *btf);

static uint32_t id_of(int id)
{
    ck_assert_int_gt(id, 0);
    return (uint32_t)id;
}

static uint32_t no_type(struct btf *btf)
{
    (void)btf;
    return 0;
}

static uint32_t number(struct btf *btf, const char *name, size_t size, int encoding)
{
    return id_of(btf__add_int(btf, name, size, encoding));
}

static uint32_t int4(struct btf *btf)
{
    return number(btf, "int", 4, BTF_INT_SIGNED);
}

static uint32_t unsigned4(struct btf *btf)
{
    return number(btf, "int", 4, 0);
}

static uint32_t int8(struct btf *btf)
{
    return number(btf, "int", 8, BTF_INT_SIGNED);
}

static uint32_t long8(struct btf *btf)
{
    return number(btf, "long", 8, BTF_INT_SIGNED);
}

/* A bit field as old compilers had them: a number that begins inside of its bytes. */
static uint32_t bits(struct btf *btf)
{
    uint32_t id = int4(btf), *data = (uint32_t *)(uintptr_t)(btf__type_by_id(btf, id) + 1);
    *data |= 3 << 16;
    return id;
}

static uint32_t alias(struct btf *btf)
{
    return id_of(btf__add_typedef(btf, "number", (int)int4(btf)));
}

static uint32_t const_void(struct btf *btf)
{
    return id_of(btf__add_const(btf, 0));
}

static uint32_t to_void(struct btf *btf)
{
    return id_of(btf__add_ptr(btf, 0));
}

static uint32_t to_const_void(struct btf *btf)
{
    return id_of(btf__add_ptr(btf, (int)const_void(btf)));
}

static uint32_t to_int(struct btf *btf)
{
    return id_of(btf__add_ptr(btf, (int)int4(btf)));
}

static uint32_t to_long(struct btf *btf)
{
    return id_of(btf__add_ptr(btf, (int)long8(btf)));
}

static uint32_t three(struct btf *btf)
{
    int type = (int)int4(btf);
    return id_of(btf__add_array(btf, type, type, 3));
}

static uint32_t four(struct btf *btf)
{
    int type = (int)int4(btf);
    return id_of(btf__add_array(btf, type, type, 4));
}

static uint32_t float4(struct btf *btf)
{
    return id_of(btf__add_float(btf, "float", 4));
}

static uint32_t float8(struct btf *btf)
{
    return id_of(btf__add_float(btf, "float", 8));
}

static uint32_t ahead(struct btf *btf)
{
    return id_of(btf__add_fwd(btf, "s", BTF_FWD_STRUCT));
}

static uint32_t ahead_union(struct btf *btf)
{
    return id_of(btf__add_fwd(btf, "s", BTF_FWD_UNION));
}

static uint32_t to_ahead(struct btf *btf)
{
    return id_of(btf__add_ptr(btf, (int)ahead(btf)));
}

/* An enumeration of 4 bytes, or of 8, with so many names of three. */
static uint32_t names(struct btf *btf, unsigned size, unsigned count)
{
    static const char *const all[] = {"ONE", "TWO___old", "THREE"};
    uint32_t id = id_of(size == 8 ? btf__add_enum64(btf, "e", 8, false)
                                  : btf__add_enum(btf, "e", size));
    for (unsigned i = 0; i < count; i++)
        ck_assert_int_eq(size == 8 ? btf__add_enum64_value(btf, all[i], i)
                                   : btf__add_enum_value(btf, all[i], i), 0);
    return id;
}

static uint32_t two_names(struct btf *btf)
{
    return names(btf, 4, 2);
}

static uint32_t three_names(struct btf *btf)
{
    return names(btf, 4, 3);
}

static uint32_t three_names8(struct btf *btf)
{
    return names(btf, 8, 3);
}

/* A prototype with one parameter, if it has a type, and a result. */
static uint32_t proto(struct btf *btf, type_fn *result, type_fn *parameter)
{
    uint32_t of_result = result(btf), of_parameter = parameter(btf);
    uint32_t id = id_of(btf__add_func_proto(btf, (int)of_result));
    if (of_parameter)
        ck_assert_int_eq(btf__add_func_param(btf, "x", (int)of_parameter), 0);
    return id;
}

static uint32_t int_of_int(struct btf *btf)
{
    return proto(btf, int4, int4);
}

static uint32_t int_of_nothing(struct btf *btf)
{
    return proto(btf, int4, no_type);
}

static uint32_t int_of_pointer(struct btf *btf)
{
    return proto(btf, int4, to_int);
}

static uint32_t void_of_int(struct btf *btf)
{
    return proto(btf, no_type, int4);
}

static uint32_t function(struct btf *btf)
{
    int of = (int)int_of_int(btf);
    return id_of(btf__add_func(btf, "f", BTF_FUNC_STATIC, of));
}

/* A structure with two members: x, and y unless there is no type for it. */
static uint32_t structure(struct btf *btf, const char *name, type_fn *x, type_fn *y)
{
    int of_x = (int)x(btf), of_y = (int)y(btf);
    uint32_t id = id_of(btf__add_struct(btf, name, 16));
    ck_assert_int_eq(btf__add_field(btf, "x", of_x, 0, 0), 0);
    if (of_y)
        ck_assert_int_eq(btf__add_field(btf, "y", of_y, 64, 0), 0);
    return id;
}

static uint32_t with_x(struct btf *btf)
{
    return structure(btf, "s", int4, no_type);
}

static uint32_t with_x_and_y(struct btf *btf)
{
    return structure(btf, "s___new", int4, to_int);
}

static uint32_t with_another_y(struct btf *btf)
{
    return structure(btf, "s", int4, int4);
}

static uint32_t another(struct btf *btf)
{
    return structure(btf, "t", int4, no_type);
}

/* x and y inside of a member without a name. */
static uint32_t nested(struct btf *btf)
{
    int inner = (int)structure(btf, NULL, int4, to_int);
    uint32_t id = id_of(btf__add_struct(btf, "s", 16));
    ck_assert_int_eq(btf__add_field(btf, NULL, inner, 0, 0), 0);
    return id;
}

static uint32_t to_s(struct btf *btf)
{
    return id_of(btf__add_ptr(btf, (int)with_x(btf)));
}

static uint32_t to_s_and_y(struct btf *btf)
{
    return id_of(btf__add_ptr(btf, (int)with_x_and_y(btf)));
}

static uint32_t to_another(struct btf *btf)
{
    return id_of(btf__add_ptr(btf, (int)another(btf)));
}

static const struct {
    type_fn *a, *b;
    bool compatible, matches;
} pairs[] = {
    {no_type, no_type, true, true},
    {no_type, int4, false, false},
    {const_void, no_type, true, true},
    {int4, int4, true, true},
    {int4, alias, true, true},
    {int4, unsigned4, true, false},
    {int4, int8, true, false},
    {int4, long8, true, false},
    {int4, bits, false, true},
    {int4, float4, false, false},
    {to_void, to_void, true, true},
    {to_const_void, to_void, true, true},
    {to_int, to_int, true, true},
    {to_int, to_long, true, false},
    {to_int, int4, false, false},
    {three, three, true, true},
    {three, four, true, false},
    {float4, float4, true, true},
    {float4, float8, true, false},
    {ahead, ahead, true, true},
    {ahead, ahead_union, true, false},
    {two_names, three_names, true, true},
    {three_names, two_names, true, false},
    {three_names, three_names8, true, false},
    {three_names8, three_names8, true, true},
    {int_of_int, int_of_int, true, true},
    {int_of_int, int_of_nothing, false, false},
    {int_of_int, int_of_pointer, false, false},
    {int_of_int, void_of_int, false, false},
    {void_of_int, void_of_int, true, true},
    {function, function, false, false},
    {with_x, with_x, true, true},
    {with_x, with_x_and_y, true, true},
    {with_x_and_y, with_x, true, false},
    {with_x_and_y, with_another_y, true, false},
    {with_x, another, true, false},
    {with_x_and_y, nested, true, true},
    {nested, with_x_and_y, true, true},
    {nested, with_x, true, false},
    {nested, nested, true, true},
    /* Behind pointers names are enough. */
    {to_s, to_s_and_y, true, true},
    {to_s_and_y, to_s, true, true},
    {to_s, to_another, true, false},
    {to_s, to_ahead, false, true},
    {to_ahead, to_s, false, true},
    {to_ahead, to_another, false, false},
    {to_s, to_int, false, false},
};

START_TEST(types_are_compared)
{
    struct btf *a_btf = btf__new_empty(), *b_btf = btf__new_empty();
    ck_assert(a_btf && b_btf);
    ck_assert_int_gt(btf__add_int(b_btf, "padding", 1, 0), 0); /* so that numbers differ */
    uint64_t work = CORE_WORK_MAX;
    const struct core_spec a = {.btf = a_btf, .work = &work, .root = pairs[_i].a(a_btf)};
    const struct core_spec b = {.btf = b_btf, .work = &work, .root = pairs[_i].b(b_btf)};
    ck_assert_int_eq(ebpf_core_compatible(&a, &b), pairs[_i].compatible);
    ck_assert_int_eq(ebpf_core_type_matches(&a, &b), pairs[_i].matches);
    ck_assert_uint_gt(work, CORE_WORK_MAX - 100);
    btf__free(a_btf);
    btf__free(b_btf);
}
END_TEST

/* Types that contain themselves end, and so does work. */
START_TEST(cycles_end)
{
    struct btf *btf = btf__new_empty();
    uint64_t work = CORE_WORK_MAX;
    ck_assert_int_eq(btf__add_ptr(btf, 2), 1);
    ck_assert_int_eq(btf__add_ptr(btf, 1), 2);
    const struct core_spec a = {.btf = btf, .work = &work, .root = 1};
    ck_assert(!ebpf_core_compatible(&a, &a));
    ck_assert(!ebpf_core_type_matches(&a, &a));
    ck_assert_uint_gt(work, CORE_WORK_MAX - 100);
    work = 3;
    ck_assert(!ebpf_core_compatible(&a, &a));
    ck_assert_uint_eq(work, 0);
    btf__free(btf);
}
END_TEST

static TCase *types(void)
{
    TCase *tc = tcase_create("types");
    tcase_add_loop_test(tc, types_are_compared, 0, sizeof(pairs) / sizeof(pairs[0]));
    tcase_add_test(tc, cycles_end);
    return tc;
}

RUN_SUITE("core types", types)
