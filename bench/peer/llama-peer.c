// Measures llama.cpp as bench/Holdfast.Bench measures our engine, and gives its logits and its quantised files to compare with.
//   llama-peer bench MODEL threads=1,2 repack=0|1 rounds=N prompt=N new=N batches=8,16,32 batchprompt=N batchnew=N
//   llama-peer logits MODEL repack=0|1 < ids       one line of token ids a prompt; logits of every position as floats to standard output
//   llama-peer quantize IN OUT TYPE                 as llama-quantize does; TYPE is a number of enum llama_ftype
// Times are pairs: seconds by the clock and seconds of the processor, all threads together.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ggml-backend.h"
#include "llama.h"

#define BATCHES_MAX 8

typedef struct { double wall, cpu; } clocks;

typedef struct {
    int threads[BATCHES_MAX], threads_count;
    int batches[BATCHES_MAX], batches_count;
    int repack, rounds, prompt, new_tokens, batch_prompt, batch_new;
} settings;

static void fail(const char * what) {
    fprintf(stderr, "llama-peer: %s\n", what);
    exit(3);
}

static double seconds(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static clocks now(void) { return (clocks) { seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID) }; }

static clocks since(clocks start) {
    clocks end = now();
    return (clocks) { end.wall - start.wall, end.cpu - start.cpu };
}

// Of several rounds the one with the least CPU time and the one with the least wall time, each kept for itself.
static void keep_best(clocks * best, clocks found) {
    if (best->wall == 0 || found.wall < best->wall) best->wall = found.wall;
    if (best->cpu == 0 || found.cpu < best->cpu) best->cpu = found.cpu;
}

static void quiet(enum ggml_log_level level, const char * text, void * data) {
    (void) data;
    if (level == GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

static int whole_list(const char * text, int * values) {
    int count = 0;
    for (char * end; *text && count < BATCHES_MAX; text = *end ? end + 1 : end) {
        values[count++] = (int) strtol(text, &end, 10);
        if (end == text) fail("a list needs numbers with commas");
    }
    return count;
}

static settings read_settings(int count, char ** arguments) {
    settings s = { .threads = { 1 }, .threads_count = 1, .batches = { 8, 16, 32 }, .batches_count = 3,
                   .repack = 1, .rounds = 1, .prompt = 512, .new_tokens = 128, .batch_prompt = 128, .batch_new = 32 };
    for (int i = 0; i < count; i++) {
        char * value = strchr(arguments[i], '=');
        if (!value) fail(arguments[i]);
        *value++ = 0;
        const char * name = arguments[i];
        if (!strcmp(name, "threads")) s.threads_count = whole_list(value, s.threads);
        else if (!strcmp(name, "batches")) s.batches_count = whole_list(value, s.batches);
        else if (!strcmp(name, "repack")) s.repack = atoi(value);
        else if (!strcmp(name, "rounds")) s.rounds = atoi(value);
        else if (!strcmp(name, "prompt")) s.prompt = atoi(value);
        else if (!strcmp(name, "new")) s.new_tokens = atoi(value);
        else if (!strcmp(name, "batchprompt")) s.batch_prompt = atoi(value);
        else if (!strcmp(name, "batchnew")) s.batch_new = atoi(value);
        else fail(name);
    }
    return s;
}

// The CPU variant that the loader chose, e.g. zen4: the name of the library in this process's map.
static void print_variant(void) {
    FILE * maps = fopen("/proc/self/maps", "r");
    char line[4096], variant[64] = "?";
    while (maps && fgets(line, sizeof line, maps)) {
        char * name = strstr(line, "libggml-cpu-");
        if (name && sscanf(name, "libggml-cpu-%63[a-z0-9]", variant) == 1) break;
    }
    if (maps) fclose(maps);
    printf("\"variant\":\"%s\"", variant);
}

static struct llama_model * load(const char * path, bool repack) {
    struct llama_model_params p = llama_model_default_params();
    p.n_gpu_layers = 0;
    p.use_extra_bufts = repack;
    struct llama_model * model = llama_model_load_from_file(path, p);
    if (!model) fail("the model does not load");
    return model;
}

static struct llama_context * open_context(struct llama_model * model, int tokens, int sequences, int threads) {
    struct llama_context_params p = llama_context_default_params();
    p.n_ctx = tokens;
    p.n_batch = 2048;
    p.n_ubatch = 512;
    p.n_seq_max = sequences;
    p.n_threads = p.n_threads_batch = threads;
    p.no_perf = true;
    struct llama_context * context = llama_init_from_model(model, p);
    if (!context) fail("no context");
    return context;
}

// The same tokens as ModelBench.Ids.
static llama_token token(int i, int salt, int vocabulary) { return (llama_token) ((unsigned) (i + 7 * salt) * 2654435761u % (unsigned) vocabulary); }

static void add(struct llama_batch * b, llama_token id, int position, int sequence, bool wants_logits) {
    b->token[b->n_tokens] = id;
    b->pos[b->n_tokens] = position;
    b->n_seq_id[b->n_tokens] = 1;
    b->seq_id[b->n_tokens][0] = sequence;
    b->logits[b->n_tokens++] = wants_logits;
}

static void decode(struct llama_context * context, struct llama_batch b) {
    if (llama_decode(context, b)) fail("decoding failed");
    llama_synchronize(context);
}

static clocks measure_prompt(struct llama_context * context, int tokens, int vocabulary) {
    struct llama_batch b = llama_batch_init(tokens, 0, 1);
    for (int i = 0; i < tokens; i++) add(&b, token(i, 1, vocabulary), i, 0, i == tokens - 1);
    llama_memory_clear(llama_get_memory(context), false);
    clocks start = now();
    decode(context, b);
    clocks taken = since(start);
    llama_batch_free(b);
    return taken;
}

static clocks measure_generation(struct llama_context * context, int sequences, int prompt, int new_tokens, int vocabulary) {
    struct llama_batch b = llama_batch_init(prompt > sequences ? prompt : sequences, 0, 1);
    llama_memory_clear(llama_get_memory(context), false);
    for (int s = 0; s < sequences; s++) {
        b.n_tokens = 0;
        for (int i = 0; i < prompt; i++) add(&b, token(i, s, vocabulary), i, s, i == prompt - 1);
        decode(context, b);
    }
    clocks start = now();
    for (int t = 0; t < new_tokens; t++) {
        b.n_tokens = 0;
        for (int s = 0; s < sequences; s++) add(&b, token(0, s + t, vocabulary), prompt + t, s, true);
        decode(context, b);
    }
    clocks taken = since(start);
    llama_batch_free(b);
    return taken;
}

static void print_measure(const char * name, int threads, double tokens, clocks best) {
    printf(",{\"name\":\"%s\",\"threads\":%d,\"wall\":%.3f,\"cpu\":%.3f}", name, threads, tokens / best.wall, tokens / best.cpu);
}

static void bench_threads(struct llama_model * model, const settings * s, int threads) {
    int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    struct llama_context * context = open_context(model, s->prompt + s->new_tokens + 16, 1, threads);
    measure_prompt(context, 16, vocabulary);
    clocks prompt = { 0 }, alone = { 0 };
    for (int r = 0; r < s->rounds; r++) {
        keep_best(&prompt, measure_prompt(context, s->prompt, vocabulary));
        keep_best(&alone, measure_generation(context, 1, 8, s->new_tokens, vocabulary));
    }
    llama_free(context);
    print_measure("prompt", threads, s->prompt, prompt);
    print_measure("generate", threads, s->new_tokens, alone);
    for (int i = 0; i < s->batches_count; i++) {
        int sequences = s->batches[i];
        context = open_context(model, sequences * (s->batch_prompt + s->batch_new), sequences, threads);
        clocks together = { 0 };
        for (int r = 0; r < s->rounds; r++) keep_best(&together, measure_generation(context, sequences, s->batch_prompt, s->batch_new, vocabulary));
        llama_free(context);
        char name[32];
        snprintf(name, sizeof name, "batch %d", sequences);
        print_measure(name, threads, (double) sequences * s->batch_new, together);
    }
}

static void bench(const char * path, settings s) {
    clocks start = now();
    struct llama_model * model = load(path, s.repack);
    clocks loaded = since(start);
    printf("{\"engine\":\"llama.cpp %s\",", llama_version());
    print_variant();
    printf(",\"repacked\":%s,\"measures\":[{\"name\":\"load\",\"threads\":1,\"wall\":%.3f,\"cpu\":%.3f}", s.repack ? "true" : "false", loaded.wall, loaded.cpu);
    for (int i = 0; i < s.threads_count; i++) bench_threads(model, &s, s.threads[i]);
    printf("]}\n");
    llama_model_free(model);
}

static void logits(const char * path, bool repack) {
    struct llama_model * model = load(path, repack);
    int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    struct llama_context * context = open_context(model, 512, 1, 1);
    struct llama_batch b = llama_batch_init(512, 0, 1);
    char line[8192];
    while (fgets(line, sizeof line, stdin)) {
        b.n_tokens = 0;
        for (char * at = line, * end; b.n_tokens < 512; at = end) {
            long id = strtol(at, &end, 10);
            if (end == at) break;
            add(&b, (llama_token) id, b.n_tokens, 0, true);
        }
        llama_memory_clear(llama_get_memory(context), false);
        decode(context, b);
        for (int i = 0; i < b.n_tokens; i++) fwrite(llama_get_logits_ith(context, i), sizeof(float), vocabulary, stdout);
    }
    llama_batch_free(b);
    llama_free(context);
    llama_model_free(model);
}

static void quantize(const char * from, const char * to, int type) {
    struct llama_model_quantize_params p = llama_model_quantize_default_params();
    p.ftype = (enum llama_ftype) type;
    p.allow_requantize = true;
    p.nthread = 1;
    if (llama_model_quantize(from, to, &p)) fail("quantising failed");
}

int main(int count, char ** arguments) {
    llama_log_set(quiet, NULL);
    ggml_backend_load_all_from_path(LIBRARIES);
    llama_backend_init();
    if (count >= 3 && !strcmp(arguments[1], "bench")) bench(arguments[2], read_settings(count - 3, arguments + 3));
    else if (count >= 3 && !strcmp(arguments[1], "logits")) logits(arguments[2], read_settings(count - 3, arguments + 3).repack);
    else if (count == 5 && !strcmp(arguments[1], "quantize")) quantize(arguments[2], arguments[3], atoi(arguments[4]));
    else fail("usage: llama-peer bench MODEL [name=value...] | logits MODEL [repack=0] < ids | quantize IN OUT TYPE");
    return 0;
}
