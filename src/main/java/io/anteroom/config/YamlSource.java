package io.anteroom.config;

import io.anteroom.config.OptionValues.Given;
import io.anteroom.config.files.FileErrors;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the texts of the settings, each with its line, from {@code conf/anteroom.yaml}. YAML constructs no objects. */
final class YamlSource {
  private static final long MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 4;

  private final Path path;
  private final Map<String, Given> given;
  private final List<String> complaints;

  YamlSource(Path path, Map<String, Given> given, List<String> complaints) {
    this.path = path;
    this.given = given;
    this.complaints = complaints;
  }

  /** Adds the values and errors of the file to the collections of the constructor. */
  void read() {
    try {
      if (Files.size(path) > MAX_BYTES) {
        complaints.add("%s: file too large: %d bytes, the maximum is %d".formatted(path, Files.size(path), MAX_BYTES));
        return;
      }
      LoadSettings yaml = LoadSettings.builder().setLabel(path.toString()).build();
      new Compose(yaml).composeString(Files.readString(path)).ifPresent(root -> walk("", root, 0));
    } catch (CharacterCodingException notUtf8) {
      complaints.add("%s: invalid encoding; save the file as UTF-8".formatted(path));
    } catch (IOException cause) {
      complaints.add("%s: cannot read file: %s".formatted(path, FileErrors.reason(cause)));
    } catch (MarkedYamlEngineException cause) {
      complaints.add("%s: invalid YAML: %s".formatted(line(cause.getProblemMark()), cause.getProblem()));
    } catch (StackOverflowError nested) {
      complaints.add("%s: nested too deeply".formatted(path));
    } catch (YamlEngineException | IllegalArgumentException cause) {
      complaints.add("%s: invalid YAML: %s".formatted(path, cause.getMessage()));
    }
  }

  private void walk(String key, Node node, int depth) {
    if (node instanceof MappingNode mapping && depth < MAX_DEPTH) {
      for (NodeTuple entry : mapping.getValue()) {
        String name = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
        walk(key.isEmpty() ? name : key + "." + name, entry.getValueNode(), depth + 1);
      }
    } else if (node instanceof ScalarNode scalar && Tag.NULL.equals(scalar.getTag())) {
      return;
    } else if (key.isEmpty()) {
      complaints.add("%s: expected 'key: value' lines".formatted(line(node.getStartMark())));
    } else {
      keep(key, text(node), node);
    }
  }

  private void keep(String key, String text, Node node) {
    Given before = given.put(key, new Given(text, line(node.getStartMark()), false));
    if (before != null) {
      complaints.add("%s: set twice, at %s and at line %s; remove one"
        .formatted(key, before.source(), node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0)));
    }
  }

  /** A list is the same as a text with commas. */
  private static String text(Node node) {
    if (node instanceof SequenceNode list) {
      return list.getValue().stream().map(YamlSource::scalar).collect(Collectors.joining(","));
    }
    return scalar(node);
  }

  private static String scalar(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "{…}";
  }

  private String line(Optional<Mark> mark) {
    return path + mark.map(at -> ":" + (at.getLine() + 1)).orElse("");
  }
}
