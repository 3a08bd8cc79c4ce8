/**
 * A place to sign: by finger, pen or mouse; by keyboard the arrow keys move a pen, and the space bar puts it down and lifts it.
 * What comes out is a PNG, or nothing while nothing is drawn.
 */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../design/parts'
import { blobOf } from '../../evidence/photo'

const WIDTH = 900
const HEIGHT = 300
const STEP = 12
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
}

export function Signature({
  isThere,
  onDrawn,
}: {
  /** Signed before, and come back to. */
  isThere: boolean
  onDrawn: (png: Uint8Array | undefined) => void
}) {
  const { t } = useTranslation('signup')
  const canvas = useRef<HTMLCanvasElement>(null)
  const pen = useRef({ x: WIDTH / 4, y: HEIGHT / 2, down: false })
  const [isDrawn, setDrawn] = useState(isThere)
  const [isDown, setDown] = useState(false)

  function line(x: number, y: number) {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    context.lineWidth = (2.5 * WIDTH) / (canvas.current?.clientWidth || WIDTH)
    context.lineCap = 'round'
    context.lineJoin = 'round'
    context.strokeStyle = '#10243e'
    context.beginPath()
    context.moveTo(pen.current.x, pen.current.y)
    context.lineTo(x, y)
    context.stroke()
  }

  async function tell() {
    if (!canvas.current) return
    const context = canvas.current.getContext('2d')
    if (context) {
      // Ink on paper: whoever looks at it later may do so on a dark ground.
      context.globalCompositeOperation = 'destination-over'
      context.fillStyle = '#fff'
      context.fillRect(0, 0, WIDTH, HEIGHT)
      context.globalCompositeOperation = 'source-over'
    }
    const png = await blobOf(canvas.current, 'image/png')
    onDrawn(new Uint8Array(await png.arrayBuffer()))
    // Said only now: whoever reads that it is there may go on at once.
    setDrawn(true)
  }

  function placeOf(event: PointerEvent) {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: ((event.clientX - box.left) * WIDTH) / box.width, y: ((event.clientY - box.top) * HEIGHT) / box.height }
  }

  function byKey(event: KeyboardEvent) {
    if (event.key === ' ') {
      event.preventDefault()
      const down = !pen.current.down
      pen.current = { ...pen.current, down }
      setDown(down)
      if (!down) void tell()
      return
    }
    const move = MOVES[event.key]
    if (!move) return
    event.preventDefault()
    const x = Math.min(WIDTH, Math.max(0, pen.current.x + move[0]))
    const y = Math.min(HEIGHT, Math.max(0, pen.current.y + move[1]))
    if (pen.current.down) line(x, y)
    pen.current = { ...pen.current, x, y }
  }

  function clear() {
    canvas.current?.getContext('2d')?.clearRect(0, 0, WIDTH, HEIGHT)
    pen.current = { x: WIDTH / 4, y: HEIGHT / 2, down: false }
    setDown(false)
    setDrawn(false)
    onDrawn(undefined)
  }

  return (
    <>
      <p id="signup-sign-how" className="soft small">
        {t('sign.how')}
      </p>
      <canvas
        ref={canvas}
        className="signup-canvas"
        width={WIDTH}
        height={HEIGHT}
        tabIndex={0}
        role="img"
        aria-label={t('sign.label')}
        aria-describedby="signup-sign-how"
        onKeyDown={byKey}
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId)
          pen.current = { ...placeOf(event), down: true }
          line(pen.current.x + 0.1, pen.current.y)
        }}
        onPointerMove={event => {
          if (!pen.current.down || event.buttons === 0) return
          const { x, y } = placeOf(event)
          line(x, y)
          pen.current = { x, y, down: true }
        }}
        onPointerUp={() => {
          pen.current = { ...pen.current, down: false }
          void tell()
        }}
      />
      <div className="row spread">
        <span className="soft small" role="status">
          {isDown ? t('sign.down') : isDrawn ? t('sign.there') : t('sign.empty')}
        </span>
        <Button look="quiet" onPress={clear} isDisabled={!isDrawn && !isDown}>
          {t('sign.clear')}
        </Button>
      </div>
    </>
  )
}
