package io.anteroom.comfy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.comfy.OutputParser.OutputFile;
import io.anteroom.comfy.protocol.ComfyException;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputParserTest {
  private static final String PICTURE = "{'filename':'a.png','subfolder':'','type':'output'}";

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
    "{'x':{'outputs':{'9':{'images':[" + PICTURE + "]}}}}",
    "{'x':{'prompt':[1,'x',{'outputs':{'1':" + PICTURE + "}}],'outputs':{'9':{'gifs':[" + PICTURE + "]}}}}",
    "{'x':{'outputs':{'9':{'a':[{'b':[" + PICTURE + "]},1,[null]],'images':[" + PICTURE + "]}},'status':{}}}",
    "{'w':{'outputs':{}},'x':{'outputs':{'9':{'text':['a'],'animated':[false],'images':[" + PICTURE + "]}}}}"})
  void theFilesOfAllNodesAreFoundWhateverTheirListsAreCalled(String history) {
    assertThat(OutputParser.files(json(history))).containsExactly(new OutputFile("output", "", "a.png"));
  }

  @Test
  void whatIsNamedInAGraphIsNoFile() {
    assertThat(OutputParser.files(json("{'x':{'prompt':[1,'x',{'1':" + PICTURE + "}],'outputs':[]}}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'x':{'outputs':{'9':", "{'x':{'outputs':{'9':}", "{'x'"})
  void aBrokenHistoryIsSaidToBe(String history) {
    assertThatThrownBy(() -> OutputParser.files(json(history))).isInstanceOf(ComfyException.class);
  }

  private static Buffer json(String text) {
    return Buffer.buffer(text.replace('\'', '"'));
  }
}
