/*
 * A RADIUS load generator that is neither ours nor the peer's: a closed loop that keeps a fixed number of requests in
 * flight over a few UDP sockets and counts what comes back. After SECONDS it sends no more and waits for the answers still
 * under way ("late": acknowledged, but outside the rate). Every request is distinct (Identifier, authenticator,
 * Acct-Session-Id) and carries a correct Message-Authenticator or Request Authenticator; every answer's Response
 * Authenticator is checked.
 *
 *   radius-load pap   HOST PORT SECRET SECONDS INFLIGHT USER PASSWORD
 *   radius-load raw   HOST PORT SECRET SECONDS INFLIGHT USER,USER.. HEX,HEX..: users in turn, each with attributes instead of a password
 *   radius-load acct  HOST PORT SECRET SECONDS INFLIGHT USER
 *   radius-load paced HOST PORT SECRET SECONDS RATE USER PASSWORD: PAP, RATE requests a second whether or not they are answered;
 *     paced-raw: so with the attributes of raw
 *   radius-load first HOST PORT SECRET SECONDS 1 USER PASSWORD: asks every 5 ms and ends with the first Access-Accept
 *
 * Prints one line: {"sent":..,"accepted":..,"late":..,"rejected":..,"lost":..,"bad":..,"seconds":..,"p50":..,"p99":..}; sent = accepted +
 * late + rejected + lost; p50 and p99: milliseconds from a request to its answer, 0 where nothing was answered.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- MD5 (RFC 1321) ---- */
typedef struct {
  uint32_t h[4];
  uint64_t length;
  uint8_t block[64];
} Md5;

static const uint32_t SINES[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1,
    0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453,
    0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
    0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05,
    0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d,
    0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
static const uint8_t SHIFTS[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static void md5_block(uint32_t h[4], const uint8_t *data) {
  uint32_t m[16], a = h[0], b = h[1], c = h[2], d = h[3];
  memcpy(m, data, 64); /* little endian machines only: amd64, arm64 */
  for (int i = 0; i < 64; i++) {
    uint32_t f;
    int g;
    switch (i >> 4) {
      case 0: f = (b & c) | (~b & d); g = i; break;
      case 1: f = (d & b) | (~d & c); g = (5 * i + 1) & 15; break;
      case 2: f = b ^ c ^ d; g = (3 * i + 5) & 15; break;
      default: f = c ^ (b | ~d); g = (7 * i) & 15; break;
    }
    uint32_t t = a + f + SINES[i] + m[g];
    int s = SHIFTS[i >> 4][i & 3];
    a = d, d = c, c = b;
    b += (t << s) | (t >> (32 - s));
  }
  h[0] += a, h[1] += b, h[2] += c, h[3] += d;
}

static void md5_begin(Md5 *md5) {
  md5->h[0] = 0x67452301, md5->h[1] = 0xefcdab89, md5->h[2] = 0x98badcfe, md5->h[3] = 0x10325476;
  md5->length = 0;
}

static void md5_add(Md5 *md5, const void *data, size_t n) {
  const uint8_t *bytes = data;
  while (n > 0) {
    size_t at = md5->length & 63, take = 64 - at < n ? 64 - at : n;
    memcpy(md5->block + at, bytes, take);
    md5->length += take, bytes += take, n -= take;
    if ((md5->length & 63) == 0) md5_block(md5->h, md5->block);
  }
}

static void md5_end(Md5 *md5, uint8_t digest[16]) {
  static const uint8_t padding[64] = {0x80};
  uint64_t bits = md5->length * 8;
  md5_add(md5, padding, 1 + ((119 - (md5->length & 63)) & 63));
  md5_add(md5, &bits, 8);
  memcpy(digest, md5->h, 16);
}

static void hmac_md5(const uint8_t *key, size_t keyLength, const uint8_t *data, size_t n, uint8_t digest[16]) {
  uint8_t pad[64];
  Md5 md5;
  memset(pad, 0x36, 64);
  for (size_t i = 0; i < keyLength; i++) pad[i] ^= key[i];
  md5_begin(&md5), md5_add(&md5, pad, 64), md5_add(&md5, data, n), md5_end(&md5, digest);
  for (int i = 0; i < 64; i++) pad[i] ^= 0x36 ^ 0x5c;
  md5_begin(&md5), md5_add(&md5, pad, 64), md5_add(&md5, digest, 16), md5_end(&md5, digest);
}

/* ---- requests ---- */
#define SOCKETS 16
typedef struct {
  double sentAt;
  uint8_t authenticator[16];
  int busy;
} Slot;
static int sockets[SOCKETS];
static Slot slots[SOCKETS][256];
static const char *secret, *user, *password;
static int accounting;
/* Attributes as they stand in the packet, instead of User-Password. */
#define ACCOUNTS 64
static struct {
  const char *user;
  uint8_t octets[256];
  size_t length;
} raws[ACCOUNTS];
static int accounts;
static uint64_t counter;
static uint64_t rng;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static uint64_t random64(void) { /* xorshift64: distinct authenticators, not secrecy, are wanted here */
  rng ^= rng << 13, rng ^= rng >> 7, rng ^= rng << 17;
  return rng;
}

static uint8_t *attribute(uint8_t *at, uint8_t type, const void *value, size_t length) {
  at[0] = type, at[1] = length + 2;
  memcpy(at + 2, value, length);
  return at + 2 + length;
}

static uint8_t *attribute32(uint8_t *at, uint8_t type, uint32_t value) {
  uint32_t order = htonl(value);
  return attribute(at, type, &order, 4);
}

static size_t build(uint8_t *packet, uint8_t id, uint8_t authenticator[16]) {
  size_t secretLength = strlen(secret), length;
  uint8_t *at = packet + 20;
  packet[0] = accounting ? 4 : 1, packet[1] = id;
  counter++;
  if (accounting) {
    char session[32];
    int n = snprintf(session, sizeof session, "%08x%08x", (unsigned)(rng & 0xffffffff), (unsigned)counter);
    memset(packet + 4, 0, 16);
    at = attribute32(at, 40, 1);
    at = attribute(at, 44, session, n);
    at = attribute(at, 1, user, strlen(user));
    at = attribute32(at, 4, 0x7f000001);
    at = attribute32(at, 5, counter & 0xffff);
    at = attribute(at, 31, "02-00-00-00-00-01", 17);
    at = attribute(at, 30, "vpn.example.org", 15);
    at = attribute32(at, 8, 0x0a000000 | (counter & 0xffffff));
    at = attribute32(at, 55, time(NULL));
  } else {
    uint64_t parts[2] = {random64(), random64()};
    uint8_t digest[16], mac[16] = {0}, hidden[128], *macAt;
    Md5 md5;
    size_t n = accounts > 0 ? 0 : strlen(password);
    int who = accounts > 0 ? counter % accounts : 0;
    const char *name = accounts > 0 ? raws[who].user : user;
    memcpy(packet + 4, parts, 16);
    macAt = at + 2;
    at = attribute(at, 80, mac, 16);
    at = attribute(at, 1, name, strlen(name));
    const uint8_t *previous = packet + 4; /* RFC 2865 section 5.2 */
    for (size_t block = 0; block == 0 || block < n; block += 16) {
      md5_begin(&md5), md5_add(&md5, secret, secretLength), md5_add(&md5, previous, 16), md5_end(&md5, digest);
      for (size_t i = 0; i < 16; i++) hidden[block + i] = digest[i] ^ (block + i < n ? password[block + i] : 0);
      previous = hidden + block;
    }
    if (accounts > 0) memcpy(at, raws[who].octets, raws[who].length), at += raws[who].length;
    else at = attribute(at, 2, hidden, n <= 16 ? 16 : (n + 15) / 16 * 16);
    at = attribute32(at, 4, 0x7f000001);
    at = attribute32(at, 5, counter & 0xffff);
    at = attribute32(at, 61, 5);
    at = attribute(at, 31, "02-00-00-00-00-01", 17);
    length = at - packet;
    packet[2] = length >> 8, packet[3] = length;
    hmac_md5((const uint8_t *)secret, secretLength, packet, length, macAt);
  }
  length = at - packet;
  packet[2] = length >> 8, packet[3] = length;
  if (accounting) {
    Md5 md5;
    md5_begin(&md5), md5_add(&md5, packet, length), md5_add(&md5, secret, secretLength), md5_end(&md5, packet + 4);
  }
  memcpy(authenticator, packet + 4, 16);
  return length;
}

static int isGenuine(uint8_t *packet, size_t length, const uint8_t authenticator[16]) {
  uint8_t received[16], digest[16];
  Md5 md5;
  memcpy(received, packet + 4, 16);
  memcpy(packet + 4, authenticator, 16);
  md5_begin(&md5), md5_add(&md5, packet, length), md5_add(&md5, secret, strlen(secret)), md5_end(&md5, digest);
  return memcmp(received, digest, 16) == 0;
}

static int nextId[SOCKETS], busy[SOCKETS];
static uint64_t sent, accepted, late, rejected, lost, bad;

/* Answer times in steps of 20 us up to the timeout. */
#define STEPS 100000
static uint32_t times[STEPS];
static uint64_t timed;

static double percentile(double part) {
  uint64_t seen = 0;
  for (int i = 0; i < STEPS; i++)
    if ((seen += times[i]) > part * timed) return i * 0.02;
  return 0;
}

/* Seconds after which a request without an answer counts as lost. */
#define TIMEOUT 2.0

/* Takes all answers that wait on a socket; 1: there was one. */
static int collect(int s, int isLate) {
  uint8_t packet[4096];
  ssize_t n;
  int any = 0;
  while ((n = recv(sockets[s], packet, sizeof packet, 0)) > 0) {
    Slot *slot = &slots[s][packet[1]];
    any = 1;
    if (n < 20 || !slot->busy || !isGenuine(packet, n, slot->authenticator)) {
      bad++;
      continue;
    }
    int step = (now() - slot->sentAt) * 50000;
    times[step < STEPS ? step : STEPS - 1]++, timed++;
    slot->busy = 0, busy[s]--;
    if (packet[0] != 2 && packet[0] != 5) rejected++;
    else if (isLate) late++;
    else accepted++;
  }
  return any;
}

/* Sends until the window of a socket is full, at most `most`; the number sent. */
static int fill(int s, int window, int most, double t) {
  uint8_t packet[4096];
  int any = 0;
  while (busy[s] < window && any < most) {
    Slot *slot = &slots[s][nextId[s]];
    if (slot->busy) break; /* 256 newer ones were answered first: it waits for its answer or its timeout */
    size_t length = build(packet, nextId[s], slot->authenticator);
    if (send(sockets[s], packet, length, 0) != (ssize_t)length) break;
    nextId[s] = (nextId[s] + 1) & 255;
    slot->busy = 1, slot->sentAt = t, busy[s]++, sent++, any++;
  }
  return any;
}

static void giveUp(int s, double sentBefore) {
  for (int id = 0; id < 256; id++)
    if (slots[s][id].busy && slots[s][id].sentAt < sentBefore) slots[s][id].busy = 0, busy[s]--, lost++;
}

/* For a server that is still starting: its port may be closed, what was sent may be lost. */
static void untilFirstAccept(double end) {
  for (double t = now(); accepted + rejected == 0 && t < end; t = now()) {
    busy[0] = 0; /* a client that repeats itself has no window */
    slots[0][nextId[0]].busy = 0;
    fill(0, 1, 1, t);
    usleep(5000);
    collect(0, 0);
  }
}

/* Both lists are split in place. */
static void readAccounts(char *names, char *attributes) {
  char *nextName, *nextHex, *name = strtok_r(names, ",", &nextName), *hex = strtok_r(attributes, ",", &nextHex);
  for (; name != NULL && hex != NULL && accounts < ACCOUNTS; accounts++) {
    raws[accounts].user = name;
    for (unsigned octet; raws[accounts].length < 256 && sscanf(hex, "%2x", &octet) == 1; hex += 2) raws[accounts].octets[raws[accounts].length++] = octet;
    name = strtok_r(NULL, ",", &nextName), hex = strtok_r(NULL, ",", &nextHex);
  }
}

int main(int argc, char **argv) {
  if (argc < 8) return fprintf(stderr, "usage: %s pap|raw|paced|acct|first HOST PORT SECRET SECONDS INFLIGHT|RATE USER [PASSWORD]\n", argv[0]), 2;
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[3]))};
  double seconds = atof(argv[5]), start, end, t, nextLook;
  int isPaced = strncmp(argv[1], "paced", 5) == 0, rate = isPaced ? atoi(argv[6]) : 0, turn = 0;
  int inflight = isPaced ? SOCKETS * 128 : atoi(argv[6]), window, open = 1;
  struct pollfd polls[SOCKETS];
  accounting = strcmp(argv[1], "acct") == 0;
  secret = argv[4], user = argv[7], password = argc > 8 ? argv[8] : "";
  if (strstr(argv[1], "raw") != NULL) readAccounts(argv[7], argv[8]);
  if (inflight < 1 || inflight > SOCKETS * 128 || (accounts == 0 && strlen(password) > 128) || strlen(secret) > 64) return fprintf(stderr, "argument out of range\n"), 2;
  if (inet_pton(AF_INET, argv[2], &server.sin_addr) != 1) return fprintf(stderr, "HOST must be an IPv4 address\n"), 2;
  window = (inflight + SOCKETS - 1) / SOCKETS;
  rng = (uint64_t)time(NULL) << 20 ^ (uint64_t)getpid() ^ 0x9e3779b97f4a7c15u;
  random64();
  for (int s = 0; s < SOCKETS; s++) {
    int size = 1 << 20;
    sockets[s] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    setsockopt(sockets[s], SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (connect(sockets[s], (struct sockaddr *)&server, sizeof server) != 0) return perror("connect"), 1;
    polls[s] = (struct pollfd){.fd = sockets[s], .events = POLLIN};
  }
  start = now(), end = start + seconds, nextLook = start + TIMEOUT;
  if (strcmp(argv[1], "first") == 0) untilFirstAccept(end), end = start;
  for (t = now(); t < end; t = now()) {
    int any = 0;
    for (int s = 0; s < SOCKETS; s++) {
      any |= collect(s, 0);
      if (!isPaced) any |= fill(s, window, window, t) > 0;
      if (t > nextLook) giveUp(s, t - TIMEOUT); /* a full window of lost requests must not stop the loop */
    }
    /* What is due goes out one by one over all sockets; what does not fit into a window counts as sent and lost. */
    for (uint64_t due = (t - start) * rate; isPaced && sent < due; turn++, any = 1)
      if (fill(turn % SOCKETS, window, 1, now()) == 0) sent++, lost++;
    if (t > nextLook) nextLook = t + TIMEOUT / 4;
    if (!any) poll(polls, SOCKETS, isPaced ? 0 : 1);
  }
  seconds = t - start;
  for (; open > 0 && t < end + TIMEOUT; t = now()) {
    open = 0;
    for (int s = 0; s < SOCKETS; s++) collect(s, 1), open += busy[s];
    if (open > 0) poll(polls, SOCKETS, 1);
  }
  for (int s = 0; s < SOCKETS; s++) giveUp(s, t + 1);
  printf("{\"sent\":%lu,\"accepted\":%lu,\"late\":%lu,\"rejected\":%lu,\"lost\":%lu,\"bad\":%lu,\"seconds\":%.3f,\"p50\":%.2f,\"p99\":%.2f}\n", sent, accepted, late, rejected, lost, bad, seconds, percentile(0.5), percentile(0.99));
  return 0;
}
