namespace Sojourn.Crash;

/// <summary>Spreads the kills over the moments of a write. Not a wait for anything.</summary>
internal static class Moment
{
    public static void Pass(int milliseconds)
    {
        var until = Environment.TickCount64 + milliseconds;
        while (Environment.TickCount64 < until)
        {
            Thread.SpinWait(100);
        }
    }
}
