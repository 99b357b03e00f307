namespace Matriarch.Wire;

/// <summary>The values of a DataRow, a Bind or a FunctionCall, in the bytes of the message: read by foreach, without a
/// copy.</summary>
public readonly ref struct FieldValues
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal FieldValues(int count, ReadOnlySpan<byte> bytes)
    {
        Count = count;
        _bytes = bytes;
    }

    /// <summary>0 to 65,535.</summary>
    public int Count { get; }

    /// <summary>From the first one.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Goes through the values; they have been looked at.</summary>
    public ref struct Enumerator
    {
        private BodyReader _reader;
        private FieldValue _current;

        internal Enumerator(ReadOnlySpan<byte> bytes)
        {
            _reader = new BodyReader(bytes);
            _current = default;
        }

        /// <summary>The value that was moved to.</summary>
        public readonly FieldValue Current => _current;

        /// <summary>To the next; false behind the last.</summary>
        public bool MoveNext() => _reader.Value(out _current);
    }
}
