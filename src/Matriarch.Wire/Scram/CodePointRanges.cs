namespace Matriarch.Wire;

/// <summary>A set of code points, as sorted ranges.</summary>
internal sealed class CodePointRanges((int First, int Last)[] ranges)
{
    public bool Contains(int code)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (first, last) = ranges[middle];
            if (code < first)
            {
                high = middle - 1;
            }
            else if (code > last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
