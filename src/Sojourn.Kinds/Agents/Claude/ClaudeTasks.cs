using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Claude;

/// <summary>Counts the work that goes on beside the turns.</summary>
internal sealed class ClaudeTasks
{
    // A task that never ends must not be remembered for ever.
    private const int MostRemembered = 1000;

    private readonly HashSet<string> _running = [];
    private int _told;

    // Newer versions say how many there are; older ones what begins and what ends.
    private bool _areListed;

    public void Take(string subtype, JsonElement line, List<AgentNews> news)
    {
        switch (subtype)
        {
            case "background_tasks_changed":
                _areListed = true;
                _running.Clear();
                _running.UnionWith(line.Items("tasks").Select(task => task.Text("task_id")).OfType<string>()
                    .Take(MostRemembered));
                break;
            case "task_started" when !_areListed && _running.Count < MostRemembered
                && line.Text("task_id") is { } begun:
                _running.Add(begun);
                break;
            case "task_updated" when line.Text("task_id") is { } changed
                && HasEnded(line.Child("patch")?.Text("status")):
                _running.Remove(changed);
                break;
            case "task_notification":
                End(line, news);
                break;
            default:
                break;
        }

        if (_running.Count != _told)
        {
            _told = _running.Count;
            news.Add(new AgentNews.BackgroundChanged(_told));
        }
    }

    private void End(JsonElement line, List<AgentNews> news)
    {
        if (line.Text("task_id") is { } ended && (line.Text("status") is not { } status || HasEnded(status)))
        {
            _running.Remove(ended);
        }

        if (line.Text("summary") is { Length: > 0 } summary)
        {
            news.Add(new AgentNews.Noticed(NoticeKind.Info, summary));
        }
    }

    private static bool HasEnded(string? status) => status is "completed" or "failed" or "stopped" or "killed";
}
