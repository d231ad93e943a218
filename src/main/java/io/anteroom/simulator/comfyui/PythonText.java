package io.anteroom.simulator.comfyui;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.stream.Collectors;

/** Turns JSON values into text and numbers the way Python does, since ComfyUI's messages quote them. */
public final class PythonText {

  private PythonText() {
  }

  /** {@code str(value)}. */
  public static String str(Object value) {
    return value instanceof String text ? text : repr(value);
  }

  /** {@code repr(value)}. */
  public static String repr(Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof String text) {
      return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
    }
    if (value instanceof JsonArray list) {
      return list.stream().map(PythonText::repr).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof JsonObject map) {
      return map.stream().map(e -> repr(e.getKey()) + ": " + repr(e.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
    }
    return value.toString();
  }

  /** {@code int(value)}. */
  public static Number toInt(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (value instanceof Double || value instanceof Float) {
      return narrow(new BigDecimal(value.toString()).toBigInteger());
    }
    if (value instanceof Number number) {
      return number;
    }
    if (value instanceof String text) {
      try {
        return narrow(new BigInteger(text.strip()));
      } catch (NumberFormatException e) {
        throw PythonError.value("invalid literal for int() with base 10: " + repr(text));
      }
    }
    throw PythonError.type("int() argument must be a string, a bytes-like object or a real number, not "
      + repr(typeName(value)));
  }

  /** {@code float(value)}. */
  public static Double toFloat(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1.0 : 0.0;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      try {
        return Double.valueOf(text.strip());
      } catch (NumberFormatException e) {
        throw PythonError.value("could not convert string to float: " + repr(text));
      }
    }
    throw PythonError.type("float() argument must be a string or a real number, not " + repr(typeName(value)));
  }

  /** {@code bool(value)}. */
  public static boolean toBool(Object value) {
    return !(value == null || value.equals(false) || value.equals("")
      || value instanceof Number number && number.doubleValue() == 0
      || value instanceof JsonArray list && list.isEmpty()
      || value instanceof JsonObject map && map.isEmpty());
  }

  public static String typeName(Object value) {
    if (value == null) {
      return "NoneType";
    }
    return value instanceof JsonArray ? "list" : value instanceof JsonObject ? "dict"
      : value instanceof String ? "str" : value instanceof Boolean ? "bool"
      : value instanceof Double ? "float" : "int";
  }

  private static Number narrow(BigInteger value) {
    if (value.bitLength() < 32) {
      return value.intValue();
    }
    if (value.bitLength() < 64) {
      return value.longValue();
    }
    return value;
  }

  /** An exception as ComfyUI's Python would raise it: reported as status 500 or in a node's errors. */
  public static final class PythonError extends RuntimeException {

    private final String type;

    public PythonError(String type, String message) {
      super(message, null, false, false);
      this.type = type;
    }

    public static PythonError type(String message) {
      return new PythonError("TypeError", message);
    }

    public static PythonError value(String message) {
      return new PythonError("ValueError", message);
    }

    public static PythonError key(String key) {
      return new PythonError("KeyError", PythonText.repr(key));
    }

    /** The name of the Python class. */
    public String type() {
      return type;
    }
  }
}
