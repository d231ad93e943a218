package io.anteroom.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.impl.types.ErrorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Redis complains of, in the words of Redis 6 and 7, alone and from within a script. */
class RedisErrorReplyTest {

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "OOM command not allowed when used memory > 'maxmemory'. script: f, on @user_script:7.           | FULL",
    "ERR Error running script (call to f): @user_script:7: @user_script: 7: -OOM command not allowed | FULL",
    "READONLY You can't write against a read only replica.                                           | READ_ONLY",
    "ERR Error running script (call to f): @user_script:7: @user_script: 7: -READONLY You can't      | READ_ONLY",
    "MASTERDOWN Link with MASTER is down                                                             | WITHOUT_MASTER",
    "LOADING Redis is loading the dataset in memory                                                  | LOADING",
    "BUSY Redis is busy running a script.                                                            | BUSY",
    "MISCONF Errors writing to the AOF file: No space left on device                                 | DISK",
    "NOREPLICAS Not enough good replicas to write. | TOO_FEW_REPLICAS",
    "ERR Error running script (call to f): @user_script:7: attempt to index a nil value              | OTHER"})
  void itIsKnownByItsWord(String said, RedisErrorReply complaint) {
    assertThat(RedisErrorReply.of(ErrorType.create(said))).contains(complaint);
  }

  @Test
  void noAnswerIsNoComplaint() {
    assertThat(RedisErrorReply.of(new IllegalStateException("Connection refused"))).isEmpty();
    assertThat(RedisErrorReply.of(ErrorType.create("CONNECTION_CLOSED"))).isEmpty();
  }
}
