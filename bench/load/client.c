/* Many clients of a bridge, or of what stands in its place, in one process: they send messages to
 * an echo daemon behind it, compare every byte that comes back, and tell how fast that went.
 * `client` without options lists them.
 *
 * On stdout: `opened N SECONDS` once all connections stand, and at the end one line of JSON.
 * With --listen-only in between `all K NANOSECONDS` whenever all of them have message K. */
#include "load.h"
#include "report.h"
#include "sockets.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    struct options options = options_of(argc, argv);
    raise_descriptor_limit();
    struct load *load = load_new(&options);
    load_run(load);
    if (options.opens_s > 0)
        report_opens(load);
    else
        report_messages(load);
    load_end(load);
    return EXIT_SUCCESS;
}
