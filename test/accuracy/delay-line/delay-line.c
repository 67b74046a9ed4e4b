/* A wire with a fixed delay between two network namespaces of its own: every packet is handed on exactly so much later, in order, and none is lost.
 *
 * usage: delay-line NEAR_ADDRESS FAR_ADDRESS CORES_KEPT_AWAKE
 *
 * It makes both namespaces, joins them by two TUN devices, and prints the files by which others enter them (nsenter --net=FILE): {"near":FILE,"far":FILE}.
 * Nothing has a name that could be left behind: the kernel takes the namespaces back when their last process has ended. It ends with its standard input.
 * Each line of standard input is answered by a line of JSON:
 *   delay NS    packets that arrive from now on are held for NS nanoseconds in each direction
 *   counts      what has passed since the last time it was asked
 *   exchanges   how long exchanges took by this clock, in the order in which they ended, since the last time it was asked: {"wholeNs":[…],"turnNs":[…]}.
 *               Whole: from a connection's SYN to the last answer on it. Turn: from a question to the next answer, on any connection.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 32768u /* a power of two; when they are full, packets wait in the device's own queue */
#define MTU 1500
#define LATE_NS 100000
#define KEPT 4096 /* exchanges of either kind, between two times of asking */
#define LEAST_ANSWER 64 /* bytes: an alert of TLS (close_notify) is shorter, any response longer */
#define SPIN_NS 60000 /* the last stretch before a packet is due is waited out awake: timers are that late */

typedef struct { uint64_t due; ssize_t length; unsigned char bytes[MTU]; } packet;
typedef struct { int in, out; void (*came)(const packet *, uint64_t), (*handed)(const packet *, uint64_t); unsigned head, tail; packet *slots; uint64_t packets; } line;

typedef struct { uint64_t ns[KEPT]; unsigned count; } times;
/* Of a connection, by the port of its near end: when its SYN and its last question came, and when its last answer was handed on; 0 for never. */
typedef struct { uint64_t begun, asked, answered; } exchange;

static uint64_t delay, late, worst, lost, syns;
static exchange exchanges[65536];
static times whole, turns;

static void must(int fine, const char *what) {
  if (fine) return;
  perror(what);
  exit(1);
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Enters a namespace of its own, whose file then is this process's descriptor. */
static int new_namespace(void) {
  must(unshare(CLONE_NEWNET) == 0, "unshare");
  int file = open("/proc/self/ns/net", O_RDONLY);
  must(file >= 0, "/proc/self/ns/net");
  return file;
}

static void address(struct ifreq *request, const char *text) {
  struct sockaddr_in *in = (struct sockaddr_in *)&request->ifr_addr;
  memset(in, 0, sizeof *in);
  in->sin_family = AF_INET;
  must(inet_pton(AF_INET, text, &in->sin_addr) == 1, text);
}

static void up(int control, struct ifreq *request) {
  must(ioctl(control, SIOCGIFFLAGS, request) == 0, "SIOCGIFFLAGS");
  request->ifr_flags |= IFF_UP | IFF_RUNNING;
  must(ioctl(control, SIOCSIFFLAGS, request) == 0, "SIOCSIFFLAGS");
}

/* One end of the wire, in the namespace that we are in. */
static int new_end(const char *own, const char *peer) {
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strcpy(request.ifr_name, "wire");
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK), control = socket(AF_INET, SOCK_DGRAM, 0);
  must(device >= 0, "/dev/net/tun");
  must(ioctl(device, TUNSETIFF, &request) == 0, "TUNSETIFF");
  request.ifr_qlen = SLOTS;
  must(ioctl(control, SIOCSIFTXQLEN, &request) == 0, "SIOCSIFTXQLEN");
  address(&request, own);
  must(ioctl(control, SIOCSIFADDR, &request) == 0, "SIOCSIFADDR");
  address(&request, peer);
  must(ioctl(control, SIOCSIFDSTADDR, &request) == 0, "SIOCSIFDSTADDR");
  up(control, &request);
  struct ifreq loopback = {.ifr_name = "lo"};
  up(control, &loopback);
  close(control);
  return device;
}

/* A core that dozes off takes up to a millisecond to wake on a virtual machine, the longer the more deeply: work without worth keeps it awake, and yields to all other. */
static void keep_awake(long cores) {
  for (long core = 0; core < cores; core++) {
    if (fork() != 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET((size_t)core, &only);
    sched_setaffinity(0, sizeof only, &only);
    must(sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0}) == 0, "SCHED_IDLE");
    for (;;) __asm__ volatile("");
  }
}

static line new_line(int in, int out, void (*came)(const packet *, uint64_t), void (*handed)(const packet *, uint64_t)) {
  packet *slots = mmap(NULL, SLOTS * sizeof(packet), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  must(slots != MAP_FAILED, "mmap");
  return (line){.in = in, .out = out, .came = came, .handed = handed, .slots = slots};
}

static packet *slot(line *l, unsigned at) { return &l->slots[at & (SLOTS - 1)]; }
static int full(const line *l) { return l->tail - l->head == SLOTS; }

/* The part of a packet that is TCP, or null. */
static const unsigned char *tcp(const packet *p) {
  size_t header = (size_t)(p->bytes[0] & 15) * 4;
  return p->bytes[0] >> 4 == 4 && p->bytes[9] == IPPROTO_TCP && p->length >= (ssize_t)header + 20 ? p->bytes + header : NULL;
}

/* SYN without ACK: a connection begun (or begun again). */
static int is_syn(const unsigned char *segment) { return (segment[13] & 0x12) == 0x02; }
static int ends(const unsigned char *segment) { return (segment[13] & 0x05) != 0; }
static ssize_t payload(const packet *p, const unsigned char *segment) { return p->bytes + p->length - segment - (segment[12] >> 4) * 4; }
static unsigned port(const unsigned char *at) { return (unsigned)at[0] << 8 | at[1]; }

static void keep(times *of, uint64_t ns) {
  if (of->count < KEPT) of->ns[of->count++] = ns;
}

static void over(exchange *e) {
  if (e->begun != 0 && e->answered > e->begun) keep(&whole, e->answered - e->begun);
  *e = (exchange){0};
}

/* A packet from the near end has come. */
static void asks(const packet *p, uint64_t at) {
  const unsigned char *segment = tcp(p);
  if (segment == NULL) return;
  exchange *e = &exchanges[port(segment)];
  if (is_syn(segment)) {
    syns++;
    *e = (exchange){.begun = at};
  } else if (payload(p, segment) > 0) e->asked = at;
  if (ends(segment)) over(e);
}

/* A packet for the near end is handed on. */
static void answers(const packet *p, uint64_t at) {
  const unsigned char *segment = tcp(p);
  if (segment == NULL) return;
  exchange *e = &exchanges[port(segment + 2)];
  if (payload(p, segment) > LEAST_ANSWER) {
    e->answered = at;
    if (e->asked != 0) keep(&turns, at - e->asked);
    e->asked = 0;
  }
  if (ends(segment)) over(e);
}

/* Hands on what is due; says when the next one is, or 0. */
static uint64_t deliver(line *l) {
  for (; l->head != l->tail; l->head++) {
    packet *p = slot(l, l->head);
    uint64_t at = now();
    if (p->due > at) return p->due;
    if (at - p->due > worst) worst = at - p->due;
    if (at - p->due > LATE_NS) late++;
    if (l->handed != NULL) l->handed(p, at);
    if (write(l->out, p->bytes, (size_t)p->length) != p->length) lost++;
  }
  return 0;
}

static void take(line *l) {
  while (!full(l)) {
    packet *p = slot(l, l->tail);
    if ((p->length = read(l->in, p->bytes, MTU)) <= 0) return;
    uint64_t at = now();
    p->due = at + delay;
    l->packets++;
    if (l->came != NULL) l->came(p, at);
    l->tail++;
    if (delay == 0) deliver(l);
  }
}

static void print(const char *name, times *of) {
  printf("\"%s\":[", name);
  for (unsigned i = 0; i < of->count; i++) printf(i == 0 ? "%lu" : ",%lu", of->ns[i]);
  printf("]");
  of->count = 0;
}

/* Every write of the asking side is one line, and it waits for the answer. */
static void answer(line *there, line *back) {
  char text[64];
  ssize_t length = read(STDIN_FILENO, text, sizeof text - 1);
  if (length <= 0) exit(0);
  text[length] = 0;
  if (strncmp(text, "exchanges", 9) == 0) {
    printf("{");
    print("wholeNs", &whole);
    printf(",");
    print("turnNs", &turns);
    printf("}\n");
  } else {
    if (strncmp(text, "delay ", 6) == 0) delay = strtoull(text + 6, NULL, 10);
    printf("{\"syns\":%lu,\"packets\":%lu,\"late\":%lu,\"worstNs\":%lu,\"lost\":%lu}\n", syns, there->packets + back->packets, late, worst, lost);
    syns = there->packets = back->packets = late = worst = lost = 0;
  }
  fflush(stdout);
}

int main(int argc, char **argv) {
  must(argc == 4, "usage: delay-line NEAR_ADDRESS FAR_ADDRESS CORES_KEPT_AWAKE");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  keep_awake(strtol(argv[3], NULL, 10));
  prctl(PR_SET_TIMERSLACK, 1);
  sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 2}); /* before what it joins; without the right to it the line is only less exact */
  int near = new_namespace(), near_end = new_end(argv[1], argv[2]);
  int far = new_namespace(), far_end = new_end(argv[2], argv[1]);
  line there = new_line(near_end, far_end, asks, NULL), back = new_line(far_end, near_end, NULL, answers);
  printf("{\"near\":\"/proc/%d/fd/%d\",\"far\":\"/proc/%d/fd/%d\"}\n", getpid(), near, getpid(), far);
  fflush(stdout);
  for (;;) {
    uint64_t first = deliver(&there), second = deliver(&back), due = first == 0 || (second != 0 && second < first) ? second : first, at = now();
    uint64_t rest = due > at + SPIN_NS ? due - at - SPIN_NS : 0;
    struct timespec until = {(time_t)(rest / 1000000000u), (long)(rest % 1000000000u)};
    struct pollfd doors[3] = {{STDIN_FILENO, POLLIN, 0}, {near_end, full(&there) ? 0 : POLLIN, 0}, {far_end, full(&back) ? 0 : POLLIN, 0}};
    must(ppoll(doors, 3, due == 0 ? NULL : &until, NULL) >= 0, "ppoll");
    if (doors[0].revents) answer(&there, &back);
    if (doors[1].revents) take(&there);
    if (doors[2].revents) take(&back);
  }
}
