#include "sources.h"

#include <string.h>

#include "../words.h"

/* Most bytes that a stream hands out at a time. */
#define STREAM_PIECE_BYTES 1000

/* Hands out its bytes in small pieces, and fails behind them if it is to. */
struct stream {
  struct bytes rest;
  bool fails;
};

static ptrdiff_t next_piece(void *userdata, void *buffer, size_t capacity) {
  struct stream *stream = userdata;
  if (stream->rest.len == 0) return stream->fails ? -1 : 0;
  size_t len = stream->rest.len < STREAM_PIECE_BYTES ? stream->rest.len : STREAM_PIECE_BYTES;
  if (len > capacity) len = capacity;
  memcpy(buffer, stream->rest.data, len);
  stream->rest = (struct bytes){stream->rest.data + len, stream->rest.len - len};
  return (ptrdiff_t)len;
}

static ouro_source stream_of(struct run *run, struct bytes bytes, bool fails) {
  struct stream *stream = pool_take(&run->pool, sizeof *stream);
  *stream = (struct stream){bytes, fails};
  return ouro_source_callback(next_piece, stream);
}

/* What stands behind a prefix; NULL where the word does not begin with it. */
static const char *behind(const char *word, const char *prefix) {
  size_t len = strlen(prefix);
  return strncmp(word, prefix, len) == 0 ? word + len : NULL;
}

ouro_source source_of(struct run *run, const char *word) {
  const char *path = behind(word, "file:");
  if (path != NULL) return ouro_source_path(path_of(run, path));
  const char *piece = behind(word, "stream:");
  if (piece != NULL) return stream_of(run, evaluate(run, piece), false);
  const char *count = behind(word, "source_fails:");
  if (count != NULL) {
    size_t len = length_of(run, count);
    return stream_of(run, (struct bytes){pool_take(&run->pool, len), len}, true);
  }
  struct bytes bytes = evaluate(run, word);
  return ouro_source_bytes(bytes.data, bytes.len);
}
