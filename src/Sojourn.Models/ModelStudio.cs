using Microsoft.Extensions.Logging;

namespace Sojourn.Models;

/// <summary>What all pieces share: connections, places for calls, and the log.</summary>
internal sealed class ModelStudio : IDisposable
{
    /// <exception cref="SojournException">An option cannot be used; the message names all that cannot.</exception>
    public ModelStudio(ModelOptions options, TimeProvider time, ILogger log)
    {
        var faults = options.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The model options cannot be used: {string.Join(" ", faults)}");
        }

        ModelKey.Read(options, out var key);
        (Options, Log) = (options, log);
        var answers = new ServerAnswer(key, time);
        Caller = new PatientCaller(options, time, (pause, why) => log.Paused(pause, why));
        Api = new ModelApi(options, new Budget(options), key, answers);
        Download = new PictureDownload(options, answers);
        log.InUse(options.TextModel, options.ImageModel, options.BaseUrl, key.ToString());
        var url = new Uri(options.BaseUrl);
        if (key.IsThere && url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
        {
            log.KeyInTheOpen(options.BaseUrl);
        }
    }

    public ModelOptions Options { get; }

    public ILogger Log { get; }

    public PatientCaller Caller { get; }

    public ModelApi Api { get; }

    public PictureDownload Download { get; }

    public void Dispose()
    {
        Api.Dispose();
        Download.Dispose();
        Caller.Dispose();
    }
}
