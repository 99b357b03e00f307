using System.Text;

namespace Matriarch.Topology;

/// <summary>What every store accepts as a value.</summary>
public static class StoreValue
{
    /// <summary>Largest value, in bytes of UTF-8: 64 KiB (DynamoDB items end at 400 KiB, etcd requests at 1.5
    /// MiB).</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses a value that some store could not keep.</summary>
    /// <exception cref="ArgumentException">Too large, or not valid Unicode.</exception>
    public static void Check(StoreKey key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int bytes;
        try
        {
            bytes = Strict.GetByteCount(value);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"the value of {key} is not valid Unicode", nameof(value), e);
        }

        if (bytes > MaxBytes)
        {
            throw new ArgumentException(
                $"the value of {key} has {bytes} bytes; the topology store takes at most {MaxBytes}", nameof(value));
        }
    }
}
