// @ts-check
// Tells of an agent to whoever looks elsewhere: by a mark in the title, and, if they asked for it, by the system.

const place = "sojourn-notify"

class Notices extends EventTarget {
    /** Whether this browser can tell, and is to: "off", "on", "blocked" or "none". */
    get is() {
        if (!("Notification" in window)) return "none"
        if (Notification.permission === "denied") return "blocked"
        return Notification.permission === "granted" && kept() ? "on" : "off"
    }

    /** Asks, or takes it back. Never but by a button: browsers blame pages that ask by themselves. */
    async turn() {
        const isOn = this.is === "on"
        if (!isOn && Notification.permission !== "granted") await Notification.requestPermission()
        keep(!isOn && Notification.permission === "granted")
        this.dispatchEvent(new Event("change"))
    }

    /**
     * Tells, if it is wanted and the page is not looked at.
     * @param {string} title
     * @param {string} body
     * @param {string} tag One that is told of the same replaces the one before.
     */
    tell(title, body, tag) {
        if (!document.hidden || this.is !== "on") return
        try {
            const notice = new Notification(title, { body, tag })
            notice.addEventListener("click", () => {
                window.focus()
                notice.close()
            })
        } catch {
            // Some browsers only let workers do it; the title says it still.
        }
    }
}

function kept() {
    try {
        return localStorage.getItem(place) === "on"
    } catch {
        return false
    }
}

/** @param {boolean} isOn */
function keep(isOn) {
    try {
        if (isOn) localStorage.setItem(place, "on")
        else localStorage.removeItem(place)
    } catch {
        // Browsers can be told to keep nothing.
    }
}

export const notices = new Notices()
