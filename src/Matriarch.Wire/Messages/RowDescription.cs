namespace Matriarch.Wire;

/// <summary>RowDescription: the columns of the rows that come; read by foreach, without a copy.</summary>
public readonly ref struct RowDescription
{
    private readonly ReadOnlySpan<byte> _fields;

    private RowDescription(int count, ReadOnlySpan<byte> fields)
    {
        Count = count;
        _fields = fields;
    }

    /// <summary>0 to 65,535.</summary>
    public int Count { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out RowDescription message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.Word16(out var count))
        {
            return false;
        }

        var fields = reader.Rest;
        for (var i = 0; i < count; i++)
        {
            if (!reader.Text(out _) || !reader.Bytes(RowField.FixedSize, out _))
            {
                return false;
            }
        }

        message = reader.IsAtEnd ? new RowDescription(count, fields) : default;
        return reader.IsAtEnd;
    }

    /// <summary>From the first column.</summary>
    public Enumerator GetEnumerator() => new(_fields);

    /// <summary>Goes through the columns; they have been looked at.</summary>
    public ref struct Enumerator
    {
        private BodyReader _reader;
        private RowField _current;

        internal Enumerator(ReadOnlySpan<byte> fields)
        {
            _reader = new BodyReader(fields);
            _current = default;
        }

        /// <summary>The column that was moved to.</summary>
        public readonly RowField Current => _current;

        /// <summary>To the next; false behind the last.</summary>
        public bool MoveNext()
        {
            var isThere = _reader.Text(out var name) & _reader.Bytes(RowField.FixedSize, out var rest);
            _current = isThere ? new RowField(name, rest) : default;
            return isThere;
        }
    }
}
