/*
 * A server that takes exactly as long as it is told, and remembers how long that was: from the instant at which the kernel took the request off the wire
 * (SO_TIMESTAMPNS, the stamp that a packet capture shows) to the instant before it is given the answer, both on CLOCK_MONOTONIC. So what it is told holds however
 * late it is woken, and where it is later than that, it says so.
 * One thread, HTTP/1.1, bodiless requests. Goes before all other programs where that is allowed (SCHED_RR), sleeps until shortly before an answer is due, then
 * turns to the instant.
 *
 * Its standard input tells it, line by line, times in ns:
 *   profile              begins a profile, the first is number 0:
 *   delays <ns> ...      an answer takes one of these, in turn, over the whole run
 *   gate <from> <to>     requests that arrive in this time of a round are kept until it is over, and then take as long as any
 *   ramp <ns>            an answer takes so much longer for every second of the round
 *   turn <ns>            answers are worked out one after another, each for so long: a capacity
 *   order <n> ...        the profiles of the rounds, in turn; default: profile 0 for all
 *   listen <backlog>     says its port
 *   log                  says how many exchanges there were, then "<round> <received> <sent>" of each
 * It ends with its standard input. A round begins with the second connection of all, and with each that comes after a pause without any; round 0 is what was
 * before: the preflight of sameconn.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef int64_t ns_t;

enum { HEAD = 4096, EVENTS = 256, GATES = 64, LINE = 1 << 24 };

/* Woken so long before an answer is due: more than a sleeping thread takes to wake, mostly. */
static const ns_t EARLY = 150000;
/* No connection for so long: the round is over. */
static const ns_t PAUSE = 40000000;

/* Says what goes without saying: ab, which asks by HTTP/1.0, waits for a close otherwise. */
static const char KEPT[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok";
static const char CLOSED[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

typedef struct {
  ns_t *delays;
  long count, next;
  ns_t from[GATES], to[GATES];
  int gates;
  ns_t ramp, turn;
} profile_t;

typedef struct {
  int round;
  ns_t received, sent;
} exchange_t;

typedef struct {
  uint32_t serial; /* tells a connection from the next one with its number */
  int used, closing;
  char head[HEAD];
} peer_t;

typedef struct {
  ns_t due, received;
  int fd, round;
  uint32_t serial;
} answer_t;

static profile_t *profiles;
static int profile_count;
static int *order;
static long order_count;
static exchange_t *exchanges;
static long exchange_count, exchange_room;
static peer_t **peers;
static int peer_room;
static answer_t *heap;
static long heap_count, heap_room;

static int poller, listener = -1;
static long connections, open_now;
static int round_now;
static ns_t round_began, idle_since, free_from;

static ns_t in_ns(struct timespec t) { return t.tv_sec * 1000000000LL + t.tv_nsec; }

static ns_t clock_now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return in_ns(t);
}

static ns_t now(void) { return clock_now(CLOCK_MONOTONIC); }

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void *grown(void *array, long *room, long needed, size_t size) {
  if (needed <= *room) return array;
  while (*room < needed) *room = *room ? 2 * *room : 1024;
  if (!(array = realloc(array, *room * size))) fail("realloc");
  return array;
}

/* ------------------------------------------------------------------------------------------ answers, the next due on top */

static void push(answer_t answer) {
  heap = grown(heap, &heap_room, heap_count + 1, sizeof *heap);
  long at = heap_count++;
  for (; at > 0 && heap[(at - 1) / 2].due > answer.due; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
  heap[at] = answer;
}

static answer_t pop(void) {
  answer_t top = heap[0], last = heap[--heap_count];
  long at = 0;
  for (;;) {
    long child = 2 * at + 1;
    if (child >= heap_count) break;
    if (child + 1 < heap_count && heap[child + 1].due < heap[child].due) child++;
    if (heap[child].due >= last.due) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}

static ns_t due_at(ns_t received) {
  profile_t *profile = &profiles[round_now > 0 && order_count ? order[(round_now - 1) % order_count] : 0];
  if (round_now == 0) return received;
  ns_t into = received - round_began, from = received;
  for (int i = 0; i < profile->gates; i++)
    if (into >= profile->from[i] && into < profile->to[i]) from = round_began + profile->to[i];
  if (profile->turn) from = free_from = (free_from > from ? free_from : from) + profile->turn;
  ns_t due = from + (ns_t)((double)profile->ramp * into / 1e9);
  return profile->count ? due + profile->delays[profile->next++ % profile->count] : due;
}

/* ------------------------------------------------------------------------------------------ connections */

static void drop(int fd) {
  close(fd);
  peers[fd]->serial++;
  peers[fd]->used = 0;
  if (--open_now == 0) idle_since = now();
}

static void take(void) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    ns_t at = now();
    if (connections++ == 1 || (connections > 2 && open_now == 0 && at - idle_since > PAUSE)) {
      round_now++;
      round_began = free_from = at;
    }
    open_now++;
    if (fd >= peer_room) {
      int room = 2 * fd + 64;
      if (!(peers = realloc(peers, room * sizeof *peers))) fail("realloc");
      memset(peers + peer_room, 0, (room - peer_room) * sizeof *peers);
      peer_room = room;
    }
    if (!peers[fd] && !(peers[fd] = calloc(1, sizeof **peers))) fail("calloc");
    peers[fd]->used = peers[fd]->closing = 0;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &wanted)) fail("epoll_ctl");
  }
}

/* As read(), and when the last packet of it arrived. The kernel stamps by the wall clock; what lies between the clocks is read anew, since that one may be set. */
static ssize_t read_stamped(int fd, void *bytes, size_t room, ns_t *arrived) {
  union {
    struct cmsghdr aligned;
    char room[256];
  } control;
  struct iovec into = {bytes, room};
  struct msghdr message = {.msg_iov = &into, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t got = recvmsg(fd, &message, 0);
  ns_t read_at = *arrived = now();
  if (got <= 0) return got;
  for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    struct timespec stamp;
    memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    ns_t at = in_ns(stamp) - clock_now(CLOCK_REALTIME) + now();
    if (at < read_at) *arrived = at;
  }
  return got;
}

static void hear(int fd) {
  peer_t *peer = peers[fd];
  ns_t received;
  ssize_t got = read_stamped(fd, peer->head + peer->used, HEAD - 1 - peer->used, &received);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    drop(fd);
    return;
  }
  peer->used += got;
  peer->head[peer->used] = 0;
  if (peer->used < 4 || memcmp(peer->head + peer->used - 4, "\r\n\r\n", 4)) return;
  peer->closing = strcasestr(peer->head, "\nconnection: close\r") != NULL;
  peer->used = 0;
  push((answer_t){due_at(received), received, fd, round_now, peer->serial});
}

static void say(answer_t answer) {
  peer_t *peer = peers[answer.fd];
  if (peer->serial != answer.serial) return; /* it has left */
  exchanges = grown(exchanges, &exchange_room, exchange_count + 1, sizeof *exchanges);
  exchanges[exchange_count++] = (exchange_t){answer.round, answer.received, now()};
  const char *words = peer->closing ? CLOSED : KEPT;
  ssize_t length = peer->closing ? sizeof CLOSED - 1 : sizeof KEPT - 1;
  if (send(answer.fd, words, length, MSG_NOSIGNAL) != length || peer->closing) drop(answer.fd);
}

/* ------------------------------------------------------------------------------------------ what it is told */

static long numbers(char *words, ns_t **list) {
  long count = 0, room = 0;
  char *end;
  for (ns_t n = strtoll(words, &end, 10); end != words; words = end, n = strtoll(words, &end, 10)) {
    *list = grown(*list, &room, count + 1, sizeof **list);
    (*list)[count++] = n;
  }
  return count;
}

static void begin_listening(int backlog) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if ((listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) < 0) fail("socket");
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on); /* its connections inherit it */
  if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, backlog)) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  struct epoll_event wanted = {.events = EPOLLIN, .data.fd = listener};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &wanted)) fail("epoll_ctl");
  printf("%d\n", ntohs(address.sin_port));
}

static void tell_all(void) {
  printf("%ld\n", exchange_count);
  for (long i = 0; i < exchange_count; i++) printf("%d %lld %lld\n", exchanges[i].round, (long long)exchanges[i].received, (long long)exchanges[i].sent);
}

static void obey(char *line) {
  char *words = line + strcspn(line, " ");
  if (*words) *words++ = 0;
  ns_t *list = NULL;
  long count = numbers(words, &list);
  profile_t *profile = profile_count ? &profiles[profile_count - 1] : NULL;
  if (!strcmp(line, "profile")) {
    if (!(profiles = realloc(profiles, ++profile_count * sizeof *profiles))) fail("realloc");
    memset(&profiles[profile_count - 1], 0, sizeof *profiles);
  } else if (!strcmp(line, "delays") && profile && count) {
    profile->delays = list, profile->count = count;
    return; /* the list is kept */
  } else if (!strcmp(line, "gate") && profile && count == 2 && profile->gates < GATES) {
    profile->from[profile->gates] = list[0], profile->to[profile->gates++] = list[1];
  } else if (!strcmp(line, "ramp") && profile && count == 1) {
    profile->ramp = list[0];
  } else if (!strcmp(line, "turn") && profile && count == 1) {
    profile->turn = list[0];
  } else if (!strcmp(line, "order") && count) {
    if (!(order = malloc(count * sizeof *order))) fail("malloc");
    for (order_count = 0; order_count < count; order_count++) {
      if (list[order_count] < 0 || list[order_count] >= profile_count) exit(2);
      order[order_count] = list[order_count];
    }
  } else if (!strcmp(line, "listen") && profile && count == 1) {
    begin_listening(list[0]);
  } else if (!strcmp(line, "log")) {
    tell_all();
  } else {
    fprintf(stderr, "truth: what is \"%s\"?\n", line);
    exit(2);
  }
  fflush(stdout);
  free(list);
}

/* Whole lines only; the rest stays for the next time. */
static void listen_to_stdin(void) {
  static char text[LINE];
  static size_t used;
  ssize_t got = read(0, text + used, LINE - 1 - used);
  if (got == 0) exit(0);
  if (got < 0) return;
  used += got;
  text[used] = 0;
  char *line = text, *end;
  for (; (end = memchr(line, '\n', text + used - line)); line = end + 1) {
    *end = 0;
    obey(line);
  }
  used -= line - text;
  memmove(text, line, used);
}

int main(void) {
  prctl(PR_SET_TIMERSLACK, 1UL);
  sched_setscheduler(0, SCHED_RR, &(struct sched_param){.sched_priority = 1});
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if ((poller = epoll_create1(0)) < 0) fail("epoll_create1");
  struct epoll_event wanted = {.events = EPOLLIN, .data.fd = 0};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, 0, &wanted)) fail("epoll_ctl");
  struct epoll_event events[EVENTS];
  for (;;) {
    while (heap_count && heap[0].due <= now()) say(pop());
    ns_t left = heap_count ? heap[0].due - now() - EARLY : 0;
    if (left < 0) left = 0;
    struct timespec wait = {left / 1000000000, left % 1000000000};
    int count = syscall(SYS_epoll_pwait2, poller, events, EVENTS, heap_count ? &wait : NULL, NULL, 0);
    if (count < 0 && errno != EINTR) fail("epoll_pwait2");
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == 0) listen_to_stdin();
      else if (fd == listener) take();
      else hear(fd);
    }
  }
}
