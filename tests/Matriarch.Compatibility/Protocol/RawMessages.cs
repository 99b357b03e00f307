namespace Matriarch.Compatibility;

/// <summary>The frontend's messages as a script writes them.</summary>
internal static class RawMessages
{
    public static RawSession Query(this RawSession s, string sql) => s.With('Q', new WireText().Text(sql));

    public static RawSession Parse(this RawSession s, string name, string sql, params int[] types)
    {
        var body = new WireText().Text(name).Text(sql).Int16(types.Length);
        foreach (var type in types)
        {
            body.Int32(type);
        }

        return s.With('P', body);
    }

    /// <summary>Parameters and results as text.</summary>
    public static RawSession Bind(this RawSession s, string portal, string statement, params string?[] values) =>
        s.With('B', new WireText().Text(portal).Text(statement).Int16(0).Values(values).Int16(0));

    /// <summary>Results as binary.</summary>
    public static RawSession BindBinary(this RawSession s, string portal, string statement, params string?[] values) =>
        s.With('B', new WireText().Text(portal).Text(statement).Int16(0).Values(values).Int16(1).Int16(1));

    /// <param name="s">The session.</param>
    /// <param name="kind">S or P.</param>
    /// <param name="name">Of the statement or portal.</param>
    public static RawSession Describe(this RawSession s, char kind, string name) =>
        s.With('D', new WireText().Byte((byte)kind).Text(name));

    public static RawSession Execute(this RawSession s, string portal, int rows = 0) =>
        s.With('E', new WireText().Text(portal).Int32(rows));

    public static RawSession Close(this RawSession s, char kind, string name) =>
        s.With('C', new WireText().Byte((byte)kind).Text(name));

    public static RawSession Sync(this RawSession s) => s.With('S', new WireText());

    public static RawSession Flush(this RawSession s) => s.With('H', new WireText());

    public static RawSession CopyData(this RawSession s, string data) => s.With('d', new WireText().Plain(data));

    public static RawSession CopyDone(this RawSession s) => s.With('c', new WireText());

    public static RawSession CopyFail(this RawSession s, string why) => s.With('f', new WireText().Text(why));

    public static RawSession Terminate(this RawSession s) => s.With('X', new WireText());

    /// <summary>Arguments and result as text.</summary>
    public static RawSession FunctionCall(this RawSession s, int function, params string?[] arguments) =>
        s.With('F', new WireText().Int32(function).Int16(0).Values(arguments).Int16(0));

    /// <summary>Parse, Bind, Describe, Execute of the unnamed.</summary>
    public static RawSession Run(this RawSession s, string sql, params string?[] values) =>
        s.Parse("", sql).Bind("", "", values).Describe('P', "").Execute("");

    private static RawSession With(this RawSession s, char type, WireText body)
    {
        s.Raw(type, body);
        return s;
    }
}
