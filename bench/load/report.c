/* See report.h. */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

static double per_second(double count, double seconds)
{
    return seconds > 0 ? count / seconds : 0;
}

static void print_times(const struct histogram *histogram)
{
    static const struct {
        const char *name;
        double share;
    } PERCENTILES[] = {{"p50_us", 0.5}, {"p90_us", 0.9}, {"p99_us", 0.99}, {"p999_us", 0.999}};
    for (size_t i = 0; i < sizeof PERCENTILES / sizeof *PERCENTILES; i++)
        printf("\"%s\": %.3f, ", PERCENTILES[i].name,
            (double)histogram_percentile(histogram, PERCENTILES[i].share) / 1e3);
    printf("\"max_us\": %.3f, ", (double)histogram->max / 1e3);
}

/* A JSON string; what is not printable ASCII is shown by its number. */
static void print_string(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < ' ' || c > '~')
            printf("\\u%04x", c);
        else
            printf(c == '"' || c == '\\' ? "\\%c" : "%c", c);
    }
    putchar('"');
}

static void print_errors(const struct tally *tally)
{
    printf("\"errors\": %u, \"first_error\": ", tally->errors);
    if (tally->errors > 0)
        print_string(tally->first_error);
    else
        printf("null");
    printf("}\n");
    fflush(stdout);
}

void report_messages(const struct load *load)
{
    const struct measured *measured = &load->measured;
    const struct tally *tally = &load->run.tally;
    printf("{\"messages\": %" PRIu64 ", \"seconds\": %.6f, ", tally->messages, measured->seconds);
    print_times(&tally->batches);
    printf("\"batches\": %" PRIu64 ", \"bytes\": %" PRIu64 ", ", tally->batches.count,
        tally->messages * load->run.messages.size);
    printf("\"wire_bytes_in\": %" PRIu64 ", \"wire_bytes_out\": %" PRIu64 ", \"cpu_us\": %.0f, ",
        measured->bytes_in, measured->bytes_out, measured->cpu_us);
    printf("\"opened\": %u, \"opened_per_s\": %.3f, ", measured->opened,
        per_second(measured->opened, measured->opened_s));
    print_errors(tally);
}

void report_opens(const struct load *load)
{
    const struct measured *measured = &load->measured;
    const struct tally *tally = &load->run.tally;
    printf("{\"opens\": %" PRIu64 ", \"seconds\": %.6f, \"opens_per_s\": %.3f, ",
        tally->opens.count, measured->seconds,
        per_second((double)tally->opens.count, measured->seconds));
    print_times(&tally->opens);
    printf("\"cpu_us\": %.0f, ", measured->cpu_us);
    print_errors(tally);
}
